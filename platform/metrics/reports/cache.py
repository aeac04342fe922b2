"""Reports too slow to compute in a request: computed by a worker, cached, refreshed when stale.

A page calls `get_report`. Over few traces it gets the present figures. Over many it gets the last
ones computed, and whether they are stale; if so, or if there are none yet, a worker is asked to
compute them. A report is keyed by its query and carries the version of the summaries read before
anything else was: a change meanwhile makes it stale, never wrongly fresh.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from jobs.models import Status
from jobs.queueing import enqueue_job
from metrics.models import Freshness, ReportJob, StoredReport
from metrics.reports.query import MetricsQuery

T = TypeVar("T")
# So many traces are figured out while the page waits.
FEW_TRACES = 5_000
# A report that failed is computed again after so many seconds.
RETRY_SECONDS = 120


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
    stored = StoredReport.objects.filter(key=query.key(figure.full_name)).first()
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
    """Compute the report unless it is stored for the present version."""
    version, _ = _version_and_traces(query)
    kept = StoredReport.objects.filter(key=query.key(figure.full_name), version=version)
    if not kept.exists():
        compute_report(figure, query)


def request_refresh(figure: CachedReport[Any], query: MetricsQuery) -> None:
    """Have a worker compute the report, once however many ask.

    A report that failed is tried again after two minutes.
    """
    key = query.key(figure.full_name)
    recently = timezone.now() - timedelta(seconds=RETRY_SECONDS)
    over = Q(status__in=[Status.FINISHED, Status.CANCELLED])
    over |= Q(status=Status.FAILED, ended_at__lt=recently)
    with transaction.atomic():
        ReportJob.objects.filter(over, key=key).delete()
        job, is_new = ReportJob.objects.get_or_create(
            key=key, defaults={"name": figure.name, "parameters": query.stored()}
        )
        if is_new:
            enqueue_job(job)


def _version_and_traces(query: MetricsQuery) -> tuple[int, int]:
    """Return the sum of the datasets' versions, which grows with every change, and their traces."""
    found = Freshness.objects.filter(dataset_id__in=query.datasets).aggregate(
        version=Sum("version", default=0), traces=Sum("traces", default=0)
    )
    return found["version"], found["traces"]


def _decode(figure: CachedReport[T], stored: StoredReport | None) -> T | None:
    return None if stored is None else msgspec.convert(stored.value, figure.type, strict=False)


_KEEP = """
    INSERT INTO metrics_storedreport AS kept
        (key, name, parameters, version, value, computed_at)
    VALUES (%s, %s, %s::jsonb, %s, %s::jsonb, %s)
    ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value,
        computed_at = excluded.computed_at
    WHERE kept.version <= excluded.version
"""
