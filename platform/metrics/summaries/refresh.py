"""Refresh of the summaries: only changed traces are read.

Triggers write the id of every changed trace in the changing transaction (`metrics.models`), so a
mark is visible exactly when its change is. `apply_changes` deletes the marks that it sees, and
reads afterwards: in PostgreSQL's READ COMMITTED each statement sees at least what the one before
saw, so the change of every deleted mark is read. A change that commits meanwhile may be read
already; its mark stays, and applying it again finds nothing new. The order of marks does not
matter, so a long transaction loses none.

A change is applied as a difference: the totals lose the stored facts' share and gain the present
facts'; of the changed traces alone, or of all traces of their problems where a total depends on
those together. One transaction at a time does so.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from database.advisory_lock import advisory_lock
from metrics.models import Freshness, PendingChange, TraceSnapshot
from metrics.summaries.definitions import (
    FACT_COLUMNS,
    LIVE_FACTS,
    LIVE_FACTS_OF_TOUCHED,
    SUMMARIES,
    Summary,
)

LOCK = "metrics.summaries.refresh"
# Marks taken in together: memory and the time that a lock is held stay bounded.
BATCH = 20_000
# From here on it is quicker to count everything.
REBUILD_FROM = 400_000
# Few enough for a page to take in itself; where there are few traces in all, a page takes in more,
# so that a small installation is never behind.
AT_ONCE = 200
SMALL = 20_000
AT_ONCE_SMALL = 5_000


@dataclass(frozen=True, slots=True)
class RefreshResult:
    changes: int
    datasets: frozenset[int]


def update(*, wait: bool = True) -> frozenset[int]:
    """Apply all waiting changes, and return the datasets they touched.

    Without `wait`, leave them to the process that is already at it.
    """
    if pending(REBUILD_FROM) >= REBUILD_FROM:
        return rebuild(wait=wait)
    datasets: set[int] = set()
    while (taken := apply_changes(BATCH, wait=wait)).changes:
        datasets |= taken.datasets
    return frozenset(datasets)


def apply_small_backlog() -> int:
    """Apply the waiting changes if they are few; return how many wait, up to `BATCH`."""
    waiting = pending(BATCH)
    if waiting and waiting <= _at_once(waiting) and apply_changes(BATCH, wait=False).changes:
        return pending(BATCH)
    return waiting


def _at_once(waiting: int) -> int:
    """Return how many changes a page applies; counts traces only if that matters."""
    if not AT_ONCE < waiting <= AT_ONCE_SMALL:
        return AT_ONCE
    traces = Freshness.objects.aggregate(traces=Sum("traces", default=0))["traces"]
    return AT_ONCE_SMALL if traces <= SMALL else AT_ONCE


def pending(limit: int) -> int:
    """Return how many changes wait, counted up to `limit`."""
    return PendingChange.objects.all()[:limit].count()


@transaction.atomic
def apply_changes(limit: int, *, wait: bool = True) -> RefreshResult:
    """Apply at most `limit` marks; without `wait`, none if another process is at it."""
    if not advisory_lock(LOCK, wait=wait):
        return RefreshResult(0, frozenset())
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_REMOVE_MARKS, [limit])
        changes = cursor.rowcount
        if not changes:
            return RefreshResult(0, frozenset())
        cursor.execute(_TOUCHED)
        cursor.execute("ANALYZE touched")
        cursor.execute(f"CREATE TEMPORARY TABLE today ON COMMIT DROP AS {LIVE_FACTS_OF_TOUCHED}")
        datasets = _datasets_of_touched(cursor)
        cursor.execute(_DIFFERING_FACTS)
        for summary in SUMMARIES:
            cursor.execute(_difference(summary))
            cursor.execute(f"DELETE FROM {summary.table} WHERE n = 0")  # noqa: S608
        cursor.execute(_COUNT_TRACES, [sorted(datasets)])
        cursor.execute(_REPLACE_FACTS)
    return RefreshResult(changes, frozenset(datasets))


@transaction.atomic
def rebuild(*, wait: bool = True) -> frozenset[int]:
    """Recount all datasets; pages show the old counts until it is done."""
    if not advisory_lock(LOCK, wait=wait):
        return frozenset()
    PendingChange.objects.all().delete()
    TraceSnapshot.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO metrics_tracesnapshot ({FACT_COLUMNS}) {LIVE_FACTS}")
        for summary in SUMMARIES:
            cursor.execute(f"DELETE FROM {summary.table}")  # noqa: S608
            counted = summary.of("metrics_tracesnapshot")
            cursor.execute(f"INSERT INTO {summary.table} ({summary.columns}) {counted}")
        cursor.execute(_COUNT_ALL_TRACES)
        return frozenset(dataset for (dataset,) in cursor.fetchall())


def refresh_statistics() -> None:
    """Refresh the planner's statistics after a rebuild, outside its transaction."""
    with connection.cursor() as cursor:
        for table in ["metrics_tracesnapshot", *(summary.table for summary in SUMMARIES)]:
            cursor.execute(f"ANALYZE {table}")


def _datasets_of_touched(cursor: Any) -> set[int]:
    """Return the datasets of the touched traces, as they were and as they are."""
    cursor.execute(
        f"SELECT dataset_id FROM today UNION SELECT dataset_id FROM ({_KNOWN_OF_TOUCHED}) AS known"  # noqa: S608
    )
    return {dataset for (dataset,) in cursor.fetchall()}


def _difference(summary: Summary) -> str:
    key = ", ".join(summary.key)
    after, before = "gained", "lost"
    if summary.by_problem:
        after, before = "today", f"({_KNOWN_OF_TOUCHED})"
    return f"""
        INSERT INTO {summary.table} AS total ({summary.columns})
        SELECT {key}, sum(n) FROM (
            SELECT * FROM ({summary.of(after)}) AS added ({summary.columns})
            UNION ALL
            SELECT {key}, -n FROM ({summary.of(before)}) AS taken ({summary.columns})
        ) AS difference ({summary.columns})
        GROUP BY {key} HAVING sum(n) <> 0
        ON CONFLICT ({key}) DO UPDATE SET n = total.n + excluded.n
    """  # noqa: S608 - the pieces are constants


_KNOWN_OF_TOUCHED = """
    SELECT * FROM metrics_tracesnapshot WHERE problem_id IN (SELECT problem_id FROM touched)
"""

_DROP = """
    DROP TABLE IF EXISTS pg_temp.marks, pg_temp.touched, pg_temp.today, pg_temp.gained, pg_temp.lost
"""

_REMOVE_MARKS = """
    CREATE TEMPORARY TABLE marks ON COMMIT DROP AS
    WITH removed AS (
        DELETE FROM metrics_pendingchange WHERE id IN (
            SELECT id FROM metrics_pendingchange ORDER BY id LIMIT %s)
        RETURNING trace_id)
    SELECT trace_id FROM removed
"""

# A trace that is gone has its problem in the facts alone.
_TOUCHED = """
    CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
    SELECT problem_id FROM traces_trace WHERE id IN (SELECT trace_id FROM marks)
    UNION
    SELECT problem_id FROM metrics_tracesnapshot WHERE trace_id IN (SELECT trace_id FROM marks)
"""

_COUNT_TRACES = """
    INSERT INTO metrics_freshness AS fresh (dataset_id, version, traces, changed_at)
    SELECT dataset_id, 1, coalesce(sum(traces), 0), clock_timestamp() FROM (
        SELECT unnest(%s::bigint[]) AS dataset_id, 0 AS traces
        UNION ALL
        SELECT dataset_id, count(*) FROM gained GROUP BY dataset_id
        UNION ALL
        SELECT dataset_id, -count(*) FROM lost GROUP BY dataset_id
    ) AS difference GROUP BY dataset_id
    ON CONFLICT (dataset_id) DO UPDATE SET version = fresh.version + 1,
        traces = fresh.traces + excluded.traces, changed_at = excluded.changed_at
"""

# Problems in which nothing differs after all are left alone.
_DIFFERING_FACTS = f"""
    CREATE TEMPORARY TABLE gained ON COMMIT DROP AS
        SELECT {FACT_COLUMNS} FROM today EXCEPT ALL
        SELECT {FACT_COLUMNS} FROM ({_KNOWN_OF_TOUCHED}) AS known;
    CREATE TEMPORARY TABLE lost ON COMMIT DROP AS
        SELECT {FACT_COLUMNS} FROM ({_KNOWN_OF_TOUCHED}) AS known EXCEPT ALL
        SELECT {FACT_COLUMNS} FROM today;
    DELETE FROM touched WHERE problem_id NOT IN (
        SELECT problem_id FROM gained UNION SELECT problem_id FROM lost);
    DELETE FROM today WHERE problem_id NOT IN (SELECT problem_id FROM touched);
"""  # noqa: S608 - the pieces are constants

_REPLACE_FACTS = f"""
    DELETE FROM metrics_tracesnapshot WHERE trace_id IN (SELECT trace_id FROM lost);
    INSERT INTO metrics_tracesnapshot ({FACT_COLUMNS}) SELECT {FACT_COLUMNS} FROM gained;
"""  # noqa: S608 - the pieces are constants

_COUNT_ALL_TRACES = """
    INSERT INTO metrics_freshness AS fresh (dataset_id, version, traces, changed_at)
    SELECT dataset_id, 1, sum(traces), clock_timestamp() FROM (
        SELECT dataset_id, 0 AS traces FROM metrics_freshness
        UNION ALL
        SELECT dataset_id, count(*) FROM metrics_tracesnapshot GROUP BY dataset_id
    ) AS counted GROUP BY dataset_id
    ON CONFLICT (dataset_id) DO UPDATE SET version = fresh.version + 1,
        traces = excluded.traces, changed_at = excluded.changed_at
    RETURNING dataset_id
"""
