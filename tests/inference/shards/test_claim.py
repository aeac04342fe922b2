"""Claims: the most urgent shard first, each shard once."""

import threading

import pytest
from django.db import connection

from inference.runs.start import SHARD_SIZES, start_run
from inference.shards.claim import claim_next_shard
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import claim_next, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_a_more_urgent_run_passes_the_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    runs = {}
    for name, priority in (("first", 0), ("low", -1), ("high", 1)):
        dataset = make_dataset()
        for _ in range(2):
            make_trace(dataset)
        runs[name] = start_run(
            scripted_scorer(name), dataset=dataset, created_by=None, priority=priority
        ).pk
    order = [claim_next().run_id for _ in range(6)]
    named = {pk: name for name, pk in runs.items()}
    assert [named[pk] for pk in order] == ["high", "high", "first", "first", "low", "low"]


def test_a_worker_goes_on_with_the_scorer_that_it_holds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    dataset = make_trace(make_dataset()).dataset
    make_trace(dataset)
    first, second = (
        start_run(scripted_scorer(name), dataset=dataset, created_by=None) for name in "ab"
    )
    held = [second.scorer_id]
    order = []
    while claim := claim_next_shard(["prm"], backends=["scripted"], worker="x", held=held):
        order.append(claim.run_id)
    assert order == [second.pk, second.pk, first.pk, first.pk]


def test_a_worker_takes_nothing_that_it_cannot_run():
    start_run(scripted_scorer(), dataset=make_trace(make_dataset()).dataset, created_by=None)
    assert claim_next_shard(["prm"], backends=["qwen-prm"], worker="x") is None
    assert claim_next_shard(["critic"], backends=["scripted"], worker="x") is None
    assert claim_next_shard(["critic", "prm"], backends=["scripted"], worker="x") is not None


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_take_each_shard_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    dataset = make_dataset()
    for _ in range(20):
        make_trace(dataset)
    start_run(scripted_scorer(), dataset=dataset, created_by=None)
    taken: list[int] = []

    def work() -> None:
        while claim := claim_next_shard(["prm"], backends=["scripted"], worker="x"):
            taken.append(claim.shard_id)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 20
