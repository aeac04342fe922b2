"""Shards that nobody works on though they are not done: their worker has gone, or their message."""

from datetime import timedelta

from django.db import connection, transaction

from inference.claims import close_if_over
from inference.log import note
from inference.models import Scorer
from inference.sending import wake, wake_on_commit

# Six heartbeats.
SILENT_AFTER = timedelta(minutes=2)
# What one call may move; the next comes in a minute.
MOST_AT_ONCE = 500

# Workers write their shard and then their run; SKIP LOCKED leaves those that are at it alone.
SILENT = """
UPDATE inference_shard AS shard
SET status = CASE WHEN attempts < attempts_allowed THEN 'queued' ELSE 'failed' END,
    error = 'The worker that had it fell silent: it was stopped, or ran out of memory.'
FROM inference_scoringrun AS run, inference_scorer AS scorer
WHERE run.id = shard.run_id AND scorer.id = run.scorer_id AND shard.id IN (
    SELECT id FROM inference_shard
    WHERE status = 'running' AND heartbeat_at < statement_timestamp() - make_interval(secs => %s)
    ORDER BY heartbeat_at LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING shard.run_id, shard.status, scorer.kind, shard.number, shard.worker
"""


def requeue_silent(silent_after: timedelta = SILENT_AFTER) -> int:
    """Send silent workers' shards again; those without attempts left fail. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SILENT, [silent_after.total_seconds(), MOST_AT_ONCE])
        rows = cursor.fetchall()
        for run_id, status, _, number, worker in rows:
            then = "it waits again" if status == "queued" else "it failed"
            note(run_id, f"Nothing was heard of {worker} with shard {number}: {then}.")
        for kind in sorted({kind for _, status, kind, *_ in rows if status == "queued"}):
            wake_on_commit(Scorer(kind=kind).queue)
        for run_id in sorted({run_id for run_id, status, *_ in rows if status == "failed"}):
            close_if_over(run_id)
    return len(rows)


def wake_all() -> None:
    """Shards that wait on a queue that stands empty all the same have lost their messages: with a
    broker that restarted, or with a worker that was killed between two shards."""
    for kind in Scorer.Kind.values:
        wake(Scorer(kind=kind).queue)
