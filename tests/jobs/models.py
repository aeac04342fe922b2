"""Kinds of job for the tests of the mechanism.

They have no migrations: their tables are made with the test database, before those of the users
that `created_by` would name.
"""

from django.db import models

from jobs.models import Job, JobProgress, Silence


class Errand(Job):
    """Waits again when it falls silent."""

    TASK = "test_jobs.run_errand"
    CLEAN_UP = "tests.jobs.errands.clean_up"

    created_by = None
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    result = models.TextField(default="")

    def __str__(self) -> str:
        return f"errand {self.pk}"

    @property
    def progress(self) -> JobProgress:
        return JobProgress(self.done, self.total, "steps")


class FragileErrand(Job):
    """Fails when it falls silent."""

    TASK = "test_jobs.run_fragile_errand"
    ON_SILENCE = Silence.FAIL
    SILENCE_ERROR = "The worker is gone; start it again."

    created_by = None

    def __str__(self) -> str:
        return f"fragile errand {self.pk}"
