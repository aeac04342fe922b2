"""Derive verdicts in the background."""

from typing import Any

from django.db import transaction

from accounts.models import User
from inference.errors import ScoringRefused
from inference.models import Derivation, Scorer
from inference.scorers.rethreshold import derive_verdicts
from jobs.execution import run_job
from jobs.heartbeat import Heartbeat
from jobs.queueing import enqueue_job

HEARTBEAT_SECONDS = 2.0


def start_derivation(scorer: Scorer, source: Scorer, *, by: User | None = None) -> Derivation:
    """Queue the derivation of the scorer's verdicts from the source's scores."""
    with transaction.atomic():
        job = Derivation.objects.create(scorer=scorer, source=source, created_by=by)
        enqueue_job(job)
    return job


def run_derivation(job_id: int) -> None:
    """Derive the verdicts if the job is queued."""
    run_job(
        Derivation,
        job_id,
        _work,
        explain=_explain,
        expected=(ScoringRefused,),
        progress=lambda job: {"written": job.written},
        every=HEARTBEAT_SECONDS,
    )


def _work(job: Derivation, beat: Heartbeat) -> dict[str, Any]:
    def tell(written: int) -> None:
        job.written = written
        beat.check()

    job.written = 0
    return {"written": derive_verdicts(job.scorer, job.source, on_batch=tell)}


def _explain(error: Exception) -> str:
    return str(error) if isinstance(error, ScoringRefused) else f"It failed unexpectedly: {error!r}"
