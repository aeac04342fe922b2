"""The schema that every kind of job has in the API."""

import pytest

from jobs.api import JobOut
from tests.jobs.models import Errand, FragileErrand

pytestmark = pytest.mark.django_db


def test_a_job_says_its_state_and_progress():
    errand = Errand.objects.create(status="failed", error="Sold out.", done=2, total=5, attempts=1)
    assert JobOut.from_orm(errand).model_dump(exclude={"created_at"}) == {
        "id": errand.pk,
        "status": "failed",
        "error": "Sold out.",
        "attempts": 1,
        "progress": {"done": 2, "total": 5, "unit": "steps"},
        "started_at": None,
        "ended_at": None,
    }


def test_a_kind_that_counts_nothing_has_no_progress():
    assert JobOut.from_orm(FragileErrand.objects.create()).progress is None
