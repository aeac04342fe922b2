"""What can't be run says why on its run's page, and leaves the rest of the platform well."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from inference.models import ScoringRun
from inference.runs.start import start_run
from inference.scorers.registry import builtin_scorer, get_or_create_scorer
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import scored
from tests.tiny_models import make_tiny_prm
from traces.models import Dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    return make_trace(make_dataset()).dataset


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def shown_errors(client: Client, run: ScoringRun) -> list[str]:
    client.force_login(make_user())
    page = client.get(reverse("inference:run-detail", args=[run.pk]))
    return [
        " ".join(tag.text.split())
        for tag in BeautifulSoup(page.content, "html.parser").select(".notice.error")
    ]


def failed(dataset: Dataset, **recipe: object) -> ScoringRun:
    """Return the failed run; a checker then ran over the same traces."""
    scorer = get_or_create_scorer("prm", backend="qwen-prm", **recipe)
    run = scored(start_run(scorer, dataset=dataset, created_by=None))
    assert run.status == "failed"
    assert run.shards.get().attempts == 3
    after = scored(start_run(builtin_scorer("arithmetic"), dataset=dataset, created_by=None))
    assert after.status == "finished"
    return run


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        ({"model": "/no/such/model"}, "The worker has no folder '/no/such/model'."),
        (
            {"model": "nobody/no-such-model", "revision": "main"},
            "The model 'nobody/no-such-model' at revision 'main' is not on the worker and could "
            "not be downloaded: ",
        ),
        (
            {"model": "nobody/no-such-model"},
            "The model 'nobody/no-such-model' of the hub needs a revision, best a commit: ",
        ),
    ],
)
@pytest.mark.usefixtures("offline")
def test_a_wrong_model_or_revision_is_a_sentence(
    client: Client, dataset: Dataset, recipe: dict[str, str], sentence: str
):
    (error,) = shown_errors(client, failed(dataset, **recipe))
    assert error.startswith(sentence)
    assert error.endswith("1 trace in 1 shard were not scored.")


def test_a_device_that_is_not_there_is_a_sentence(client: Client, dataset: Dataset, tmp_path: Path):
    model = make_tiny_prm(tmp_path / "prm")
    run = failed(dataset, model=str(model), parameters={"device": "cuda:7"})
    (error,) = shown_errors(client, run)
    assert error.startswith("The worker has no device 'cuda:7'")
