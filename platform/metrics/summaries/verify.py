"""Verification of the summaries against the verdicts, row by row.

A problem with a waiting change is left out: its mark and its change are seen by the same statement,
so exactly what should be equal is compared.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from database.advisory_lock import advisory_lock
from metrics.models import TraceSnapshot
from metrics.summaries.definitions import FACT_COLUMNS, LIVE_FACTS, SUMMARIES, Summary
from metrics.summaries.refresh import LOCK


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """`differences` has the number of differing rows of each table that differs."""

    traces: int
    differences: dict[str, int]


@transaction.atomic
def verify_summaries() -> VerifyResult:
    """Compare facts with verdicts, totals with facts, and counts of traces with both."""
    differences = {}
    advisory_lock(LOCK)  # no change is applied meanwhile
    traces = TraceSnapshot.objects.count()
    with connection.cursor() as cursor:
        for table, statement in _comparisons():
            cursor.execute(statement)
            count = int(cursor.fetchone()[0])
            if count:
                differences[table] = count
    return VerifyResult(traces, differences)


def _comparisons() -> list[tuple[str, str]]:
    return [
        ("metrics_tracesnapshot", _FACTS),
        *((summary.table, _totals(summary)) for summary in SUMMARIES),
        ("metrics_freshness", _TRACES),
    ]


# Every trace of a problem goes in together, so waiting traces stand for their problems.
_FACTS = f"""
    WITH truth AS ({LIVE_FACTS}),
    waiting AS MATERIALIZED (
        SELECT problem_id FROM traces_trace
        WHERE id IN (SELECT trace_id FROM metrics_pendingchange)
        UNION
        SELECT problem_id FROM metrics_tracesnapshot
        WHERE trace_id IN (SELECT trace_id FROM metrics_pendingchange)
    ),
    missing AS (
        SELECT {FACT_COLUMNS} FROM truth
        EXCEPT ALL SELECT {FACT_COLUMNS} FROM metrics_tracesnapshot
    ),
    extra AS (
        SELECT {FACT_COLUMNS} FROM metrics_tracesnapshot
        EXCEPT ALL SELECT {FACT_COLUMNS} FROM truth
    )
    SELECT count(DISTINCT trace_id) FROM (SELECT * FROM missing UNION ALL SELECT * FROM extra) AS d
    WHERE problem_id NOT IN (SELECT problem_id FROM waiting)
"""  # noqa: S608 - the pieces are constants

_TRACES = """
    SELECT count(*) FROM (
        SELECT dataset_id, count(*) AS traces FROM metrics_tracesnapshot GROUP BY dataset_id
    ) AS counted FULL JOIN (SELECT * FROM metrics_freshness WHERE traces > 0) AS fresh
        USING (dataset_id)
    WHERE counted.traces IS DISTINCT FROM fresh.traces
"""


def _totals(summary: Summary) -> str:
    truth = summary.of("metrics_tracesnapshot")
    return f"""
        WITH truth AS ({truth}), stored AS (SELECT {summary.columns} FROM {summary.table})
        SELECT (SELECT count(*) FROM (SELECT * FROM truth EXCEPT ALL SELECT * FROM stored) AS a)
             + (SELECT count(*) FROM (SELECT * FROM stored EXCEPT ALL SELECT * FROM truth) AS b)
    """  # noqa: S608 - the pieces are constants
