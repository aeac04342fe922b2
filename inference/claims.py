"""A worker's claim on a shard: taken once, kept alive by a heartbeat, given back or lost.

Every write under a claim asks for the shard to be running at the claim's attempt, so a worker that
was given up for dead and comes back changes nothing.
"""

import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.db import connection, transaction
from django.db.models.functions import Now

from inference.models import ScoringRun, Shard
from inference.sending import send_on_commit

HEARTBEAT_SECONDS = 20.0

TAKE = """
UPDATE inference_shard AS shard
SET status = 'running', attempts = attempts + 1, worker = %s, error = '',
    heartbeat_at = statement_timestamp()
FROM inference_scoringrun AS run
WHERE shard.id = %s AND shard.status = 'queued'
    AND run.id = shard.run_id AND run.status IN ('queued', 'running')
RETURNING shard.id, shard.attempts, shard.attempts_allowed, run.id, run.scorer_id, shard.trace_ids
"""
CLOSE = """
UPDATE inference_scoringrun AS run
SET ended_at = statement_timestamp(),
    status = CASE WHEN EXISTS (
        SELECT FROM inference_shard WHERE run_id = run.id AND status = 'failed'
    ) THEN 'failed' ELSE 'finished' END
WHERE id = %s AND status IN ('queued', 'running') AND NOT EXISTS (
    SELECT FROM inference_shard WHERE run_id = run.id AND status IN ('queued', 'running')
)
"""


class ClaimLost(Exception):
    """The shard was cancelled, or another worker has it: nothing may be written."""


@dataclass(frozen=True, slots=True)
class Claim:
    shard_id: int
    attempt: int
    attempts_allowed: int
    run_id: int
    scorer_id: int
    trace_ids: list[int]


def take(shard_id: int, *, worker: str) -> Claim | None:
    """The claim, or None where the shard is not waiting: done, cancelled or somebody else's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, [worker, shard_id])
        row = cursor.fetchone()
        if row is None:
            return None
        ScoringRun.objects.filter(pk=row[3], status=ScoringRun.Status.QUEUED).update(
            status=ScoringRun.Status.RUNNING, started_at=Now()
        )
    return Claim(*row)


def hold(claim: Claim) -> None:
    """Within a transaction: lock the shard, or raise ClaimLost."""
    held = Shard.objects.claimed(claim.shard_id, claim.attempt).select_for_update()
    if not held.values_list("pk").first():
        raise ClaimLost


def give_back(claim: Claim, error: str, *, queue: str, whole_run: bool = False) -> None:
    """The shard could not be judged: it is tried again, or fails with the sentence after its last
    attempt.

    `whole_run` says that the other shards would meet the same end, so a run of which nothing is
    done yet fails as a whole.
    """
    with transaction.atomic():
        hold(claim)
        shard = Shard.objects.filter(pk=claim.shard_id)
        if claim.attempt < claim.attempts_allowed:
            shard.update(status=Shard.Status.QUEUED, error=error, sent_at=Now())
            send_on_commit([claim.shard_id], queue)
            return
        shard.update(status=Shard.Status.FAILED, error=error)
        siblings = Shard.objects.filter(run_id=claim.run_id)
        if whole_run and not siblings.filter(status=Shard.Status.DONE).exists():
            # Whoever holds one at this moment is about to claim or cancel it.
            unheld = siblings.select_for_update(skip_locked=True)
            waiting = unheld.filter(status=Shard.Status.QUEUED).values("pk")
            siblings.filter(pk__in=waiting).update(status=Shard.Status.FAILED, error=error)
        close_if_over(claim.run_id)


def close_if_over(run_id: int) -> None:
    """Finish or fail the run if no shard is left. Call it in the transaction of the shard's own
    move: the run's lock makes the last two shards see each other."""
    ScoringRun.objects.select_for_update().filter(pk=run_id).values_list("pk").first()
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [run_id])


class Heartbeat:
    """While the block runs, a thread says that the worker lives, and learns if the claim does."""

    def __init__(self, claim: Claim, every: float = HEARTBEAT_SECONDS) -> None:
        self._claim = claim
        self._every = every
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name="heartbeat")

    def check(self) -> None:
        if self._lost.is_set():
            raise ClaimLost

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        shard = Shard.objects.claimed(self._claim.shard_id, self._claim.attempt)
        try:
            while not self._stop.wait(self._every):
                if not shard.update(heartbeat_at=Now()):
                    self._lost.set()
                    return
        finally:
            connection.close()  # this thread's own
