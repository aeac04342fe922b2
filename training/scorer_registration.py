"""Register a trained process reward model as a scorer."""

from django.db import transaction

from inference.errors import ScoringRefused
from inference.models import Scorer
from inference.scorers.registry import get_or_create_scorer
from training.errors import TrainingRefused
from training.jobs.job_settings import PrmSettings, read_settings
from training.models import TrainingRun

BACKEND = "trl-prm"


def register_scorer(run: TrainingRun, *, name: str) -> Scorer:
    """Return the scorer of the run's model. Idempotent.

    Raises TrainingRefused for an unfinished run, another job, or a name that is taken.
    """
    if run.job != "prm" or run.status != TrainingRun.Status.FINISHED:
        raise TrainingRefused("Only finished runs of the job prm can be registered as scorers.")
    settings = read_settings(PrmSettings, run.parameters)
    try:
        with transaction.atomic():
            scorer = get_or_create_scorer(
                name,
                backend=BACKEND,
                model=run.model,
                revision=f"training run {run.pk}",
                parameters={"separator": settings.separator},
            )
            TrainingRun.objects.filter(pk=run.pk).update(scorer=scorer)
    except ScoringRefused as refusal:
        raise TrainingRefused(str(refusal)) from refusal
    return scorer


def suggested_name(run: TrainingRun) -> str:
    """Return a short name that no other run has."""
    base = run.base.rstrip("/").rpartition("/")[2] or "prm"
    return f"{base}-run-{run.pk}"[-100:].lstrip("-_. ")
