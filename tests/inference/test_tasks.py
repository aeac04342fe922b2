"""The tasks of inference."""

import pytest

from inference import tasks
from inference.backends import SERVING
from inference.models import ScoringRun
from inference.runs.availability import another_worker_can
from inference.runs.start import start_run
from inference.scorers.registry import get_or_create_scorer
from inference.workers import identity
from inference.workers.identity import ThisWorker
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


def test_a_message_goes_on_to_the_worker_that_can(run: ScoringRun, monkeypatch: pytest.MonkeyPatch):
    sent: list[str] = []
    me = ThisWorker("critic@here", ["critic"], ["critic"])
    monkeypatch.setattr(identity, "_this", me)
    monkeypatch.setattr(tasks, "PASSING_SECONDS", 0.0)
    monkeypatch.setattr("inference.shards.dispatch.notify_one_worker", sent.append)
    make_worker(me.name, queue="critic", backends=("critic", SERVING))  # however it calls itself
    tasks.work("critic")
    assert not another_worker_can("critic", exclude=me.name)
    assert sent == []  # nobody could: the minute job wakes again
    make_worker("gpu@there", queue="critic", backends=("critic", SERVING))
    tasks.work("critic")
    assert sent == ["critic"]
    ScoringRun.objects.filter(pk=run.pk).update(status="paused")
    tasks.work("critic")
    assert sent == ["critic"]
