"""Figures too slow for a page: made in the background, kept, and made anew when they are behind.

A page asks with `ask`. Over few traces it gets what holds now. Over many it gets what was last
made, and whether that is behind; if so, or if there is none yet, a worker is told to make it. A
figure is named by its query and says of which version of the summaries it is, taken before
anything was read: what changes meanwhile makes it behind, never wrongly fresh.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from metrics.models import Freshness, StoredFigure
from metrics.reports.query import MetricsQuery

T = TypeVar("T")
# So many traces are figured out while the page waits.
FEW_TRACES = 5_000
# A worker was told; a second telling within so many seconds would make it twice.
REQUESTED_SECONDS = 120


@dataclass(frozen=True, slots=True)
class CachedReport(Generic[T]):
    """`form` goes up when what is stored changes its meaning."""

    name: str
    form: int
    type: type[T]
    make: Callable[[MetricsQuery], T]

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.form}"


@dataclass(frozen=True, slots=True)
class ReportResult(Generic[T]):
    """What a page shows: no value yet, or one that may be behind the summaries."""

    value: T | None
    made_at: datetime | None
    is_stale: bool


def get_report(figure: CachedReport[T], query: MetricsQuery) -> ReportResult[T]:
    version, traces = _version_and_traces(query)
    stored = StoredFigure.objects.filter(key=query.key(figure.full_name)).first()
    value = _decode(figure, stored)
    if stored and value is not None and stored.version == version:
        return ReportResult(value, stored.computed_at, False)
    if traces <= FEW_TRACES:
        value = compute_report(figure, query)
        return ReportResult(value, timezone.now(), False)
    request_refresh(figure, query)
    return ReportResult(value, stored.computed_at if stored else None, True)


def compute_report(figure: CachedReport[T], query: MetricsQuery) -> T:
    """Make the figure and keep it, unless a newer one was kept meanwhile."""
    version, _ = _version_and_traces(query)
    value = figure.make(query)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                query.key(figure.full_name),
                figure.full_name,
                msgspec.json.encode(query.stored()).decode(),
                version,
                msgspec.json.encode(value).decode(),
                timezone.now(),
            ],
        )
    return value


def refresh_if_stale(figure: CachedReport[Any], query: MetricsQuery) -> None:
    """What a worker does when told, once for however many told it."""
    try:
        version, _ = _version_and_traces(query)
        kept = StoredFigure.objects.filter(key=query.key(figure.full_name), version=version)
        if not kept.exists():
            compute_report(figure, query)
    finally:
        cache.delete(_requested_key(figure, query))


def request_refresh(figure: CachedReport[Any], query: MetricsQuery) -> None:
    """Have a worker make it, once however many ask."""
    from metrics.tasks import make_figure

    if cache.add(_requested_key(figure, query), True, REQUESTED_SECONDS):
        make_figure.delay_on_commit(figure.name, query.stored())


def _requested_key(figure: CachedReport[Any], query: MetricsQuery) -> str:
    return f"metrics.told:{query.key(figure.full_name)}"


def _version_and_traces(query: MetricsQuery) -> tuple[int, int]:
    """The datasets' versions together, which grow with every change of any, and their traces."""
    found = Freshness.objects.filter(dataset_id__in=query.datasets).aggregate(
        version=Sum("version", default=0), traces=Sum("traces", default=0)
    )
    return found["version"], found["traces"]


def _decode(figure: CachedReport[T], stored: StoredFigure | None) -> T | None:
    return None if stored is None else msgspec.convert(stored.value, figure.type, strict=False)


_KEEP = """
    INSERT INTO metrics_storedfigure AS kept
        (key, name, parameters, version, value, computed_at)
    VALUES (%s, %s, %s::jsonb, %s, %s::jsonb, %s)
    ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value,
        computed_at = excluded.computed_at
    WHERE kept.version <= excluded.version
"""
