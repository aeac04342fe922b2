"""Shards that nobody works on though they are not done: their worker has gone, or their message."""

import logging
from datetime import timedelta

from django.db import connection, transaction
from kombu.exceptions import OperationalError

from inference.claims import close_if_over
from inference.models import Scorer
from inference.sending import messages_waiting, send_on_commit

logger = logging.getLogger(__name__)

# Six heartbeats.
SILENT_AFTER = timedelta(minutes=2)
LOST_AFTER = timedelta(minutes=5)
# What one call may move; the next comes in a minute.
MOST_AT_ONCE = 500

# Workers write their shard and then their run; SKIP LOCKED leaves those that are at it alone.
SILENT = """
UPDATE inference_shard AS shard
SET status = CASE WHEN attempts < attempts_allowed THEN 'queued' ELSE 'failed' END,
    error = 'The worker that had it fell silent: it was stopped, or ran out of memory.',
    sent_at = statement_timestamp()
FROM inference_scoringrun AS run, inference_scorer AS scorer
WHERE run.id = shard.run_id AND scorer.id = run.scorer_id AND shard.id IN (
    SELECT id FROM inference_shard
    WHERE status = 'running' AND heartbeat_at < statement_timestamp() - make_interval(secs => %s)
    ORDER BY heartbeat_at LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING shard.id, shard.run_id, shard.status, scorer.kind
"""
LOST = """
UPDATE inference_shard SET sent_at = statement_timestamp()
WHERE id IN (
    SELECT shard.id FROM inference_shard AS shard
    JOIN inference_scoringrun AS run ON run.id = shard.run_id
    JOIN inference_scorer AS scorer ON scorer.id = run.scorer_id
    WHERE shard.status = 'queued'
        AND shard.sent_at < statement_timestamp() - make_interval(secs => %s)
        AND run.status IN ('queued', 'running') AND scorer.kind = %s
    ORDER BY shard.id LIMIT %s FOR UPDATE OF shard SKIP LOCKED
)
RETURNING id
"""


def requeue_silent(silent_after: timedelta = SILENT_AFTER) -> int:
    """Send silent workers' shards again; those without attempts left fail. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SILENT, [silent_after.total_seconds(), MOST_AT_ONCE])
        rows = cursor.fetchall()
        for kind in {kind for *_, kind in rows}:
            again = [pk for pk, _, status, k in rows if status == "queued" and k == kind]
            send_on_commit(again, Scorer(kind=kind).queue)
        for run_id in sorted({run_id for _, run_id, status, _ in rows if status == "failed"}):
            close_if_over(run_id)
    return len(rows)


def resend_lost(lost_after: timedelta = LOST_AFTER) -> int:
    """Send queued shards again whose queue stands empty all the same. Returns how many.

    A shard may rightly wait for hours behind others; only an empty queue shows that its message is
    gone. A message too many does no harm: its claim finds the shard taken.
    """
    count = 0
    for kind in Scorer.Kind.values:
        queue = Scorer(kind=kind).queue
        try:
            if messages_waiting(queue):
                continue
        except (OperationalError, OSError) as error:
            logger.warning("The broker can't be reached: %s", error)
            return count
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOST, [lost_after.total_seconds(), kind, MOST_AT_ONCE])
            shard_ids = [shard_id for (shard_id,) in cursor.fetchall()]
            send_on_commit(shard_ids, queue)
        count += len(shard_ids)
    return count
