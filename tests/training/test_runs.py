"""Training runs: queued, refused, resumed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from exports.models import Export
from exports.storage.export_store import folder_of as folder_of_export
from jobs.models import JobRefused
from tests.factories import make_user
from training.errors import TrainingRefused
from training.models import TrainingRun
from training.runs import folder_of, resume_run, start_run

pytestmark = pytest.mark.django_db(transaction=True)

Exports = Callable[[str], Export]


def started(export: Export, base: Path) -> TrainingRun:
    values = {"base": str(base), "steps": 4, "batch_size": 2}
    return start_run(export, job="prm", values=values, created_by=make_user(role="lead"))


def test_a_run_is_sent_when_it_is_started(finished_export: Exports, base: Path, sent: list):
    run = started(finished_export("prm"), base)
    assert sent == [("training.train", [run.pk])]
    run.refresh_from_db()
    assert run.sent_at


@pytest.mark.parametrize(
    ("recipe", "job", "values", "message"),
    [
        ("prm", "dance", {"base": "x"}, "No job 'dance'"),
        ("prm", "nft", {"base": "x"}, "the job nft reads exports for nft-rollouts"),
        ("prm", "prm", {"base": ""}, "has no base model"),
        ("prm", "prm", {"base": "x", "seed": "y"}, "Expected `int`"),
    ],
)
def test_a_run_with_invalid_choices_is_refused(
    finished_export: Exports, recipe: str, job: str, values: dict, message: str
):
    with pytest.raises(TrainingRefused) as refusal:
        start_run(finished_export(recipe), job=job, values=values, created_by=None)
    assert message in str(refusal.value)
    assert not TrainingRun.objects.exists()


def test_a_missing_or_unfinished_export_is_refused(finished_export: Exports):
    export = finished_export("prm")
    shutil.rmtree(folder_of_export(export))
    with pytest.raises(TrainingRefused, match="no longer exist"):
        start_run(export, job="prm", values={"base": "x"}, created_by=None)
    Export.objects.update(status="running")
    export.refresh_from_db()
    with pytest.raises(TrainingRefused, match=r"is running\. Choose a finished export"):
        start_run(export, job="prm", values={"base": "x"}, created_by=None)


def test_a_failed_run_is_queued_again_with_more_attempts(
    finished_export: Exports, base: Path, sent: list
):
    run = started(finished_export("prm"), base)
    TrainingRun.objects.update(status="failed", error="out of memory", attempts=3)
    run.refresh_from_db()
    resume_run(run)
    run.refresh_from_db()
    assert (run.status, run.error) == ("queued", "")
    assert run.attempts_allowed > 3
    assert sent == [("training.train", [run.pk])] * 2
    with pytest.raises(JobRefused, match="There is nothing to resume"):
        resume_run(run)


def test_each_run_has_a_folder(finished_export: Exports, base: Path):
    first, second = (started(finished_export("prm"), base) for _ in range(2))
    assert folder_of(first) != folder_of(second)
    assert folder_of(first).name == str(first.pk)
