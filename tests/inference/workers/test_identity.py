"""A process knows its worker and reports its loaded model."""

import pytest

from inference.models import Worker
from inference.workers import identity
from inference.workers.identity import ThisWorker, report_loaded_model, this_worker
from inference.workers.registration import register_worker
from tests.inference.scripted import scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> ThisWorker:
    me = ThisWorker("prm@here", ["prm"], ["scripted"], concurrency=2, reports=True)
    monkeypatch.setattr(identity, "_this", me)
    return me


def test_the_scorer_is_told_when_it_changes(me: ThisWorker, django_assert_num_queries):
    register_worker(me)
    first, second = scripted_scorer("plain"), scripted_scorer("other")
    with django_assert_num_queries(1):
        report_loaded_model(first.pk, "cuda:0")
        report_loaded_model(first.pk, "cuda:0")
    row = Worker.objects.get()
    assert (row.scorer, row.scorer_device) == (first, "cuda:0")
    report_loaded_model(second.pk, "cuda:0")
    assert Worker.objects.get().scorer == second


def test_a_process_that_is_no_worker_tells_nothing():
    scorer = scripted_scorer()
    report_loaded_model(scorer.pk, "cpu")
    assert Worker.objects.count() == 0
    assert "scripted" in this_worker().backends
    assert this_worker().queues == []
