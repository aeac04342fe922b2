from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError

from exports.models import Export
from misstep.local.errors import LocalServiceError
from misstep.management.commands import train
from tests.factories import make_dataset
from tests.misstep.management.output import output_of
from training.models import TrainingRun

pytestmark = pytest.mark.django_db


class Workers:
    """Workers that need no check."""

    def check(self) -> None:
        return


@contextmanager
def no_workers(queues: list[str]) -> Iterator[Workers]:
    assert queues == ["training"]
    yield Workers()


@pytest.fixture
def export(monkeypatch: pytest.MonkeyPatch) -> Export:
    monkeypatch.setattr(train, "with_workers", no_workers)
    return Export.objects.create(recipe="prm", dataset=make_dataset(), status="finished")


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the run and the wait for its end by a run that ends with these fields."""

    def prepare(**fields: Any) -> None:
        def start_run(export: Export, *, job: str, values: dict, created_by: None) -> TrainingRun:
            return TrainingRun.objects.create(export=export, job=job, parameters=values)

        def follow_job(run: TrainingRun, **options: Any) -> None:
            TrainingRun.objects.filter(pk=run.pk).update(**fields)
            run.refresh_from_db()

        monkeypatch.setattr(train, "start_run", start_run)
        monkeypatch.setattr(train, "follow_job", follow_job)

    return prepare


def test_a_finished_run_is_summed_up(export: Export, ends: Callable[..., None]) -> None:
    ends(status="finished", step=1_200, model="/models/7")
    shown = output_of("train", str(export.pk), "prm", "--base=tiny", "--set=steps=4", "--set=x=y")
    run = TrainingRun.objects.get()
    assert shown == f"Run {run.pk} finished after 1,200 updates: /models/7\n"
    assert run.parameters == {"base": "tiny", "steps": 4, "x": "y"}


def test_a_failed_run_ends_the_command_with_its_error(
    export: Export, ends: Callable[..., None]
) -> None:
    ends(status="failed", error="Out of memory.")
    with pytest.raises(CommandError, match=r"failed\. Out of memory\."):
        output_of("train", str(export.pk), "prm", "--base=tiny")


def test_a_refused_run_ends_the_command_with_the_sentence(export: Export) -> None:
    with pytest.raises(CommandError, match="files"):
        output_of("train", str(export.pk), "prm", "--base=tiny")
    assert not TrainingRun.objects.exists()


def test_a_machine_without_torch_ends_the_command(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(queues: list[str]) -> None:
        raise LocalServiceError("No worker serves training.")

    monkeypatch.setattr(train, "with_workers", missing)
    with pytest.raises(CommandError, match="No worker serves training"):
        output_of("train", str(export.pk), "prm", "--base=tiny")


@pytest.mark.parametrize("pair", ["steps", "=4", "steps="])
def test_a_setting_is_a_name_and_a_value(export: Export, pair: str) -> None:
    if pair == "steps=":
        assert train._settings([pair]) == {"steps": ""}
        return
    with pytest.raises(CommandError, match="NAME=VALUE"):
        output_of("train", str(export.pk), "prm", "--base=tiny", f"--set={pair}")


def test_an_unknown_export_is_named() -> None:
    with pytest.raises(CommandError, match="export 999"):
        output_of("train", "999", "prm", "--base=tiny")


def test_the_progress_bar_shows_the_last_loss() -> None:
    assert train._loss(TrainingRun(metrics=[])) == ""
    assert train._loss(TrainingRun(metrics=[{"loss": 2.0}, {"loss": 0.123456}])) == "loss 0.1235"
