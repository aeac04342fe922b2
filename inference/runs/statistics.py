"""Statistics of a run: one read of its shards' rows, never of its verdicts."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Count, Q, Sum
from django.db.models.functions import Cast

from inference.models import ScoringRun, Shard
from traces.models.trace import Cardinality

# By hand: it opens the objects of a JSON column.
REASONS = """
SELECT reason, sum((found ->> 0)::int), min((found ->> 1)::bigint)
FROM inference_shard, jsonb_each(failures) AS pairs (reason, found)
WHERE run_id = %s GROUP BY reason ORDER BY 2 DESC, 1 LIMIT %s
"""
MOST = 20  # reasons and errors shown


@dataclass(frozen=True, slots=True)
class FailureReason:
    """Why traces got no answer, and one of them to look at."""

    reason: str
    count: int
    example_trace_id: int


@dataclass(frozen=True, slots=True)
class ShardError:
    """Why shards could not be judged at all, and how many traces stand in them."""

    error: str
    shards: int
    traces: int


@dataclass(frozen=True, slots=True)
class RunProgress:
    """The counts of a run.

    `rate` is in traces a second, of all workers together; None while it is unknown. `seconds_left`
    is for the open shards: failed ones are not waited for.
    """

    traces: int
    judged: int
    unparsable: int
    shards: int
    shards_done: int
    shards_failed: int
    shards_running: int
    rate: float | None
    seconds_left: float | None
    tokens: int
    gpu_seconds: float
    failures: list[FailureReason] = field(default_factory=list)
    errors: list[ShardError] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return self.judged - self.unparsable


def run_progress(run: ScoringRun) -> RunProgress:
    """Return the run's counts, in three queries."""
    counts = _counts(run)
    seconds, left = counts.pop("seconds"), counts.pop("left")
    rate = _rate(run, judged=counts["judged"], seconds=seconds, running=counts["shards_running"])
    return RunProgress(
        traces=run.trace_count,
        rate=rate,
        seconds_left=left / rate if rate and not run.is_over else None,
        failures=_failures(run),
        errors=_errors(run),
        **counts,
    )


def _counts(run: ScoringRun) -> dict[str, Any]:
    """Return what the shards add up to, by the names of `Progress`, and `seconds` and `left`."""
    done, is_open = Q(status=Shard.Status.FINISHED), Q(status__in=Shard.OPEN)
    return run.shards.aggregate(
        shards=Count("pk"),
        shards_done=Count("pk", filter=done),
        shards_failed=Count("pk", filter=Q(status=Shard.Status.FAILED)),
        shards_running=Count("pk", filter=Q(status=Shard.Status.RUNNING)),
        judged=Sum("judged", default=0),
        unparsable=Sum("unparsable", default=0),
        # The sum of bigint is numeric.
        tokens=Cast(Sum("tokens", default=0), BigIntegerField()),
        gpu_seconds=Sum("gpu_seconds", default=0.0),
        seconds=Sum("seconds", filter=done, default=0.0),
        left=Sum(Cardinality("trace_ids"), filter=is_open, default=0),
    )


def _failures(run: ScoringRun) -> list[FailureReason]:
    with connection.cursor() as cursor:
        cursor.execute(REASONS, [run.pk, MOST])
        return [FailureReason(*row) for row in cursor.fetchall()]


def _errors(run: ScoringRun) -> list[ShardError]:
    failed = run.shards.filter(status=Shard.Status.FAILED).values("error")
    errors = failed.annotate(shards=Count("pk"), traces=Sum(Cardinality("trace_ids")))
    return [ShardError(**row) for row in errors.order_by("-shards", "error")[:MOST]]


def _rate(run: ScoringRun, *, judged: int, seconds: float, running: int) -> float | None:
    """Return the run's traces a second.

    Of a finished run: over its whole time. Of a running one: a worker's speed times the number of
    workers, so that neither a pause nor a worker that joins late distorts it.
    """
    if not run.is_over:
        return judged / seconds * running if seconds and running else None
    if run.started_at is None or run.ended_at is None:
        return None
    took = (run.ended_at - run.started_at).total_seconds()
    return judged / took if judged and took > 0 else None
