"""A worker's claim on a shard: taken once, kept alive by a heartbeat, given back or lost.

Every write under a claim asks for the shard to be running at the claim's attempt, so a worker that
was given up for dead and comes back changes nothing.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models.functions import Coalesce, Now

from inference.backends import SERVING
from inference.backends.cancellation import Cancelled
from inference.models import ScoringRun, Shard
from inference.run_log import log_run_event
from inference.shards.dispatch import notify_workers_on_commit, refresh_metrics_on_commit
from jobs.models import JobLost

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20.0

# The runs whose shards a worker may take, the most urgent first; among equals that of a scorer it
# holds already, since changing models costs minutes, and then the oldest.
HANDING_OUT = """
SELECT run.id FROM inference_scoringrun AS run
JOIN inference_scorer AS scorer ON scorer.id = run.scorer_id
WHERE run.status IN ('queued', 'running')
    AND scorer.kind = ANY(%(queues)s) AND scorer.backend = ANY(%(backends)s)
    AND (
        %(serving)s = ANY(%(backends)s)
        OR scorer.parameters ->> 'serve' IS DISTINCT FROM %(serving)s
    )
    AND EXISTS (SELECT FROM inference_shard WHERE run_id = run.id AND status = 'queued')
ORDER BY run.priority DESC, scorer.id = ANY(%(held)s) DESC, run.id
"""
TAKE = """
UPDATE inference_shard AS shard
SET status = 'running', attempts = attempts + 1, worker = %(worker)s, error = '',
    heartbeat_at = statement_timestamp()
FROM inference_scoringrun AS run
WHERE run.id = %(run)s AND run.status IN ('queued', 'running') AND shard.id = (
    SELECT id FROM inference_shard WHERE run_id = %(run)s AND status = 'queued'
    ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING shard.id, shard.attempts, shard.attempts_allowed, run.id, run.scorer_id, shard.number,
    shard.trace_ids
"""
# A run that was paused is over too once its last shard ends.
CLOSE = """
UPDATE inference_scoringrun AS run
SET ended_at = statement_timestamp(),
    status = CASE WHEN EXISTS (
        SELECT FROM inference_shard WHERE run_id = run.id AND status = 'failed'
    ) THEN 'failed' ELSE 'finished' END
WHERE id = %s AND status IN ('queued', 'running', 'paused') AND NOT EXISTS (
    SELECT FROM inference_shard WHERE run_id = run.id AND status IN ('queued', 'running')
)
RETURNING status
"""


class ClaimLost(JobLost, Cancelled):
    """The shard was cancelled, or another worker has it: nothing may be written."""


@dataclass(frozen=True, slots=True)
class Claim:
    shard_id: int
    attempt: int
    attempts_allowed: int
    run_id: int
    scorer_id: int
    number: int
    trace_ids: list[int]

    @property
    def job(self) -> Shard:
        """The shard under this claim, with the fields that the claim asks for and no others."""
        return Shard(
            pk=self.shard_id, attempts=self.attempt, run_id=self.run_id, number=self.number
        )


def claim_next_shard(
    queues: Collection[str],
    *,
    backends: Collection[str],
    worker: str,
    held: Collection[int] = (),
) -> Claim | None:
    """Claim the most urgent shard that waits on one of the queues. Return None if none waits.

    `backends` are a worker's abilities, `held` the ids of the scorers whose models it holds.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            HANDING_OUT,
            {
                "queues": list(queues),
                "backends": list(backends),
                "serving": SERVING,
                "held": list(held),
            },
        )
        for (run_id,) in cursor.fetchall():
            claim = _claim_from_run(run_id, worker)
            if claim is not None:
                return claim
    return None


def _claim_from_run(run_id: int, worker: str) -> Claim | None:
    """Claim a shard of the run; None if others took the last ones, or somebody paused it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, {"run": run_id, "worker": worker})
        row = cursor.fetchone()
        if row is None:
            return None
        begun = ScoringRun.objects.filter(pk=run_id, status=ScoringRun.Status.QUEUED)
        if begun.update(status=ScoringRun.Status.RUNNING, started_at=Coalesce("started_at", Now())):
            log_run_event(run_id, f"First worker started: {worker}.")
    return Claim(*row)


def lock_claim(claim: Claim) -> None:
    """Lock the shard within a transaction, or raise ClaimLost."""
    held = Shard.objects.claimed(claim.job).select_for_update()
    if not held.values_list("pk").first():
        raise ClaimLost


def release(claim: Claim, error: str, *, queue: str, whole_run: bool = False) -> None:
    """Queue a shard that could not be judged again, or fail it after its last attempt.

    `whole_run` says that the other shards would fail alike, so a run without a finished shard fails
    as a whole.
    """
    with transaction.atomic():
        lock_claim(claim)
        shard = Shard.objects.filter(pk=claim.shard_id)
        tried = f"{claim.attempt} of {claim.attempts_allowed}"
        if claim.attempt < claim.attempts_allowed:
            shard.update(status=Shard.Status.QUEUED, error=error)
            log_run_event(
                claim.run_id, f"Shard {claim.number} queued again, attempt {tried}: {error}"
            )
            notify_workers_on_commit(queue)
            return
        shard.update(status=Shard.Status.FAILED, error=error)
        log_run_event(claim.run_id, f"Shard {claim.number} failed, attempt {tried}: {error}")
        siblings = Shard.objects.filter(run_id=claim.run_id)
        if whole_run and not siblings.filter(status=Shard.Status.FINISHED).exists():
            # A locked one is about to be claimed or cancelled.
            unheld = siblings.select_for_update(skip_locked=True)
            waiting = unheld.filter(status=Shard.Status.QUEUED).values("pk")
            given_up = siblings.filter(pk__in=waiting).update(
                status=Shard.Status.FAILED, error=error
            )
            if given_up:
                log_run_event(
                    claim.run_id,
                    f"{given_up:,} queued shards marked as failed for the same reason.",
                )
        close_run_if_over(claim.run_id)


def close_run_if_over(run_id: int) -> None:
    """Finish or fail the run if no shard is left.

    Call it in the transaction of the shard's own change: the run's lock makes the last two shards
    see each other.
    """
    # Without its key: transactions that wrote to the run's log hold that.
    locked = ScoringRun.objects.select_for_update(no_key=True)
    locked.filter(pk=run_id).values_list("pk").first()
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [run_id])
        if closed := cursor.fetchone():
            log_run_event(run_id, f"Run {closed[0]}.")
            refresh_metrics_on_commit()
