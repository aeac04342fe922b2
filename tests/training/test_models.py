"""Rows of training runs: visibility, constraints and properties."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from exports.models import Export
from jobs.models import JobProgress
from tests.factories import make_user
from training.models import TrainingRun

pytestmark = pytest.mark.django_db

Exports = Callable[[str], Export]


def test_only_leads_see_runs(finished_export: Exports):
    run = TrainingRun.objects.create(export=finished_export("prm"), job="prm")
    assert TrainingRun.objects.visible_to(make_user("lead", role="lead")).get() == run
    assert not TrainingRun.objects.visible_to(make_user("other", role="annotator")).exists()


@pytest.mark.parametrize("values", [{"step": 3, "steps": 2}, {"status": "failed", "error": ""}])
def test_a_row_that_contradicts_itself_is_refused(finished_export: Exports, values: dict):
    with pytest.raises(IntegrityError):
        TrainingRun.objects.create(export=finished_export("prm"), job="prm", **values)


def test_a_run_knows_its_base_and_progress():
    run = TrainingRun(pk=7, parameters={"base": "owner/tiny"}, step=3, steps=8)
    assert (run.base, str(run)) == ("owner/tiny", "training run 7")
    assert run.progress == JobProgress(3, 8, "updates")
    assert TrainingRun().base == ""
