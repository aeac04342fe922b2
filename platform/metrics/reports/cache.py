"""Reports too slow to compute in a request: computed by a worker, cached, refreshed when stale.

A page calls `get_report`. Over few traces it gets the present figures. Over many it gets the last
ones computed, and whether they are stale; if so, or if there are none yet, a worker is asked to
compute them. A report is keyed by its query and carries the version of the summaries read before
anything else was: a change meanwhile makes it stale, never wrongly fresh.
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
    """A kind of report. `form` is raised when the stored value changes its meaning."""

    name: str
    form: int
    type: type[T]
    make: Callable[[MetricsQuery], T]

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.form}"


@dataclass(frozen=True, slots=True)
class ReportResult(Generic[T]):
    """A report for a page: no value yet, or one that may be stale."""

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
    """Compute the report and store it, unless a newer one was stored meanwhile."""
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
    """Compute the report if no stored one is of the present version."""
    try:
        version, _ = _version_and_traces(query)
        kept = StoredFigure.objects.filter(key=query.key(figure.full_name), version=version)
        if not kept.exists():
            compute_report(figure, query)
    finally:
        cache.delete(_requested_key(figure, query))


def request_refresh(figure: CachedReport[Any], query: MetricsQuery) -> None:
    """Have a worker compute it, once however many pages ask."""
    from metrics.tasks import make_figure

    if cache.add(_requested_key(figure, query), True, REQUESTED_SECONDS):
        make_figure.delay_on_commit(figure.name, query.stored())


def _requested_key(figure: CachedReport[Any], query: MetricsQuery) -> str:
    return f"metrics.told:{query.key(figure.full_name)}"


def _version_and_traces(query: MetricsQuery) -> tuple[int, int]:
    """Return the sum of the datasets' versions, which grows with every change, and their traces."""
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
