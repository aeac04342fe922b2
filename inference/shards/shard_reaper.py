"""Shards that nobody works on though they are not done: their worker has gone, or their message."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from inference.models import Scorer, Shard
from inference.run_log import log_run_event
from inference.shards.claim import close_run_if_over
from inference.shards.dispatch import notify_workers, notify_workers_on_commit

# Six heartbeats.
SILENT_AFTER = timedelta(minutes=2)
# What one call may move; the next comes in a minute.
MOST_AT_ONCE = 500
# Claims of a half that may come to nothing. Two, since a host that is switched off takes innocent
# shards along.
ATTEMPTS_OF_A_HALF = 2
ERROR = "Its worker stopped responding: it was stopped or ran out of memory."

# Workers write their shard and then their run; SKIP LOCKED passes over shards that they write.
LOST = """
SELECT shard.id, shard.run_id, shard.number, shard.worker, scorer.kind,
    shard.attempts < shard.attempts_allowed, cardinality(shard.trace_ids)
FROM inference_shard AS shard
JOIN inference_scoringrun AS run ON run.id = shard.run_id
JOIN inference_scorer AS scorer ON scorer.id = run.scorer_id
WHERE shard.status = 'running' AND {condition}
ORDER BY shard.id LIMIT %s FOR UPDATE OF shard SKIP LOCKED
"""
SILENT = "shard.heartbeat_at < statement_timestamp() - make_interval(secs => %s)"
ITS_OWN = f"shard.worker = %s AND {SILENT}"
# The first half stays where it is, under the same fence; the second is a shard of its own.
HALVE = """
WITH second AS (
    INSERT INTO inference_shard (
        run_id, number, trace_ids, status, attempts, attempts_allowed, worker,
        judged, unparsable, failures, seconds, tokens, gpu_seconds, error
    )
    SELECT run_id, (SELECT max(number) + 1 FROM inference_shard WHERE run_id = shard.run_id),
        trace_ids[cardinality(trace_ids) / 2 + 1:], 'queued', 0, %(attempts)s, '',
        0, 0, '{}', 0, 0, 0, %(error)s
    FROM inference_shard AS shard WHERE id = %(shard)s
)
UPDATE inference_shard SET status = 'queued', error = %(error)s, heartbeat_at = NULL,
    trace_ids = trace_ids[:cardinality(trace_ids) / 2], attempts_allowed = attempts + %(attempts)s
WHERE id = %(shard)s
"""


@dataclass(frozen=True, slots=True)
class Lost:
    """A shard whose worker is gone."""

    shard_id: int
    run_id: int
    number: int
    worker: str
    kind: str
    may_go_on: bool
    traces: int


def reap(kind: type[Shard] = Shard) -> None:
    """Let silent shards wait again, then send the messages that are missing."""
    requeue_silent()
    resend_lost_messages()


def requeue_silent(silent_after: timedelta = SILENT_AFTER) -> int:
    """Let silent workers' shards wait again. Returns how many.

    One that silenced its last worker is cut in halves, down to the trace that does it: that one
    fails, and costs no other its verdict.
    """
    return _requeue(SILENT, silent_after.total_seconds())


def requeue_of_worker(worker: str, *, began: timedelta) -> int:
    """Requeue the shards of a killed predecessor of the worker, of the same name.

    They are those without a heartbeat since the worker began, that long ago.
    """
    return _requeue(ITS_OWN, worker, began.total_seconds())


def _requeue(condition: str, *values: float | str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOST.format(condition=condition), [*values, MOST_AT_ONCE])
        found = [Lost(*row) for row in cursor.fetchall()]
        for lost in found:
            log_run_event(
                lost.run_id,
                f"{lost.worker} stopped responding while scoring shard "
                f"{lost.number}: {_requeue_or_fail(lost)}.",
            )
        for kind in sorted({lost.kind for lost in found}):
            notify_workers_on_commit(Scorer(kind=kind).queue)
        for run_id in sorted({lost.run_id for lost in found}):
            close_run_if_over(run_id)
    return len(found)


def _requeue_or_fail(lost: Lost) -> str:
    """Requeue, halve or fail the shard. Return a phrase for the run's log."""
    shard = Shard.objects.filter(pk=lost.shard_id)
    if lost.may_go_on:
        shard.update(status=Shard.Status.QUEUED, error=ERROR, heartbeat_at=None)
        return "queued again"
    if lost.traces > 1:
        halves: dict[str, int | str] = {"shard": lost.shard_id, "attempts": ATTEMPTS_OF_A_HALF}
        halves["error"] = ERROR
        with connection.cursor() as cursor:
            cursor.execute(HALVE, halves)
        return "split into halves and queued again"
    shard.update(status=Shard.Status.FAILED, error=ERROR, heartbeat_at=None)
    return "failed"


def resend_lost_messages() -> None:
    """Notify the workers of every queue on which shards wait without a message.

    Messages are lost with a broker that restarted, or with a worker killed between two shards.
    """
    for kind in Scorer.Kind.values:
        notify_workers(Scorer(kind=kind).queue)
