"""The job that derives a scorer's verdicts from another scorer's scores."""

from django.db import models

from inference.models.scorer import Scorer
from jobs.models import Job, JobProgress


class Derivation(Job):
    """Verdicts at another threshold. What is derived stays if the job ends early."""

    TASK = "inference.derive_verdicts"

    scorer = models.ForeignKey(Scorer, models.CASCADE, related_name="derivations")
    source = models.ForeignKey(Scorer, models.CASCADE, related_name="+")
    written = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"derivation {self.pk} for {self.scorer}"

    @property
    def progress(self) -> JobProgress:
        return JobProgress(self.written, None, "verdicts written")
