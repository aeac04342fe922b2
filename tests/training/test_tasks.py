"""The Celery task of training: it may run twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exports.models import Export
from training.runs import start_run
from training.tasks import train

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_task_trains_a_run_once(finished_export: Callable[[str], Export], base: Path):
    values = {"base": str(base), "steps": 2, "batch_size": 2}
    run = start_run(finished_export("prm"), job="prm", values=values, created_by=None)
    for _ in range(2):
        train(run.pk)
        run.refresh_from_db()
        assert (run.status, run.step, run.attempts) == ("finished", 2, 1)
