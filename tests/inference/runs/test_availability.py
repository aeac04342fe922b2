"""Availability: which workers can take a run's shards."""

import pytest

from inference.backends import SERVING, required_abilities
from inference.models import ScoringRun
from inference.runs.availability import unavailable_reason
from inference.runs.start import start_run
from inference.scorers.registry import get_or_create_scorer
from inference.shards.claim import claim_next_shard
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> ScoringRun:
    """Return a run of a critic that the worker itself has to serve."""
    scorer = get_or_create_scorer(
        "served", backend="critic", model="m", parameters={"serve": "vllm"}
    )
    return start_run(scorer, dataset=make_trace(make_dataset()).dataset, created_by=None)


def taken(*backends: str) -> bool:
    return claim_next_shard(["critic"], backends=backends, worker="critic@here") is not None


def test_a_model_to_be_served_waits_for_a_worker_that_can(run: ScoringRun):
    assert required_abilities("critic", run.scorer.parameters) == {"critic", SERVING}
    assert not taken("critic")
    run.refresh_from_db()
    assert run.status == "queued"
    assert taken("critic", SERVING)


def test_a_critic_behind_an_endpoint_is_for_any_worker():
    where = {"endpoint": "https://models.example/v1"}
    scorer = get_or_create_scorer("asked", backend="critic", model="m", parameters=where)
    start_run(scorer, dataset=make_trace(make_dataset()).dataset, created_by=None)
    assert taken("critic")


def test_a_run_that_no_worker_can_serve_says_so(run: ScoringRun):
    make_worker("critic@here", queue="critic", backends=("critic",))
    said = unavailable_reason(run)
    assert said.startswith("No worker of the queue critic can serve models with vLLM")
    assert said.endswith("Connected: critic@here.")
    make_worker("gpu@there", queue="critic", backends=("critic", SERVING))
    assert "vLLM" not in unavailable_reason(run)
