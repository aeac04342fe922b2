"""The job that derives verdicts."""

import pytest

from inference.models import Derivation
from inference.scorers.registry import builtin_scorer

pytestmark = pytest.mark.django_db


def test_it_counts_the_verdicts_that_it_wrote():
    scorer = builtin_scorer("arithmetic")
    job = Derivation.objects.create(scorer=scorer, source=scorer, written=7)
    assert (job.progress.done, job.progress.total) == (7, None)
    assert str(job) == f"derivation {job.pk} for arithmetic@1"
    assert job.message_args == [job.pk]
