"""How a run fares: one read of its shards' rows, never of its verdicts."""

from dataclasses import dataclass, field

from django.db import connection

from inference.models import ScoringRun

COUNTS = """
SELECT count(*), count(*) FILTER (WHERE status = 'done'),
    count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'running'),
    coalesce(sum(judged), 0), coalesce(sum(unparsable), 0),
    coalesce(sum(seconds) FILTER (WHERE status = 'done'), 0), coalesce(sum(tokens), 0)::bigint,
    coalesce(sum(gpu_seconds), 0),
    coalesce(sum(cardinality(trace_ids)) FILTER (WHERE status IN ('queued', 'running')), 0)
FROM inference_shard WHERE run_id = %s
"""
REASONS = """
SELECT reason, sum((found ->> 0)::int), min((found ->> 1)::bigint)
FROM inference_shard, jsonb_each(failures) AS pairs (reason, found)
WHERE run_id = %s GROUP BY reason ORDER BY 2 DESC, 1 LIMIT 20
"""
ERRORS = """
SELECT error, count(*), sum(cardinality(trace_ids))
FROM inference_shard WHERE run_id = %s AND status = 'failed'
GROUP BY error ORDER BY 2 DESC, 1 LIMIT 20
"""


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
class Progress:
    """`rate` is in traces a second, of all workers together; None as long as nothing is known.
    `seconds_left` is for the shards that are open: those that failed wait for nobody."""

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


def progress(run: ScoringRun) -> Progress:
    """Three queries."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [run.pk])
        shards, done, failed, running, judged, unparsable, *costs = cursor.fetchone()
        seconds, tokens, gpu_seconds, left = costs
        cursor.execute(REASONS, [run.pk])
        failures = [FailureReason(*row) for row in cursor.fetchall()]
        cursor.execute(ERRORS, [run.pk])
        errors = [ShardError(*row) for row in cursor.fetchall()]
    rate = _rate(run, judged=judged, seconds=seconds, running=running)
    return Progress(
        traces=run.trace_count,
        judged=judged,
        unparsable=unparsable,
        shards=shards,
        shards_done=done,
        shards_failed=failed,
        shards_running=running,
        rate=rate,
        seconds_left=left / rate if rate and not run.is_over else None,
        tokens=tokens,
        gpu_seconds=gpu_seconds,
        failures=failures,
        errors=errors,
    )


def _rate(run: ScoringRun, *, judged: int, seconds: float, running: int) -> float | None:
    """Over the whole time of a run that is over; while it goes, a worker's speed times the workers,
    so that neither a pause nor a worker that joins late bends it."""
    if not run.is_over:
        return judged / seconds * running if seconds and running else None
    if run.started_at is None or run.ended_at is None:
        return None
    took = (run.ended_at - run.started_at).total_seconds()
    return judged / took if judged and took > 0 else None
