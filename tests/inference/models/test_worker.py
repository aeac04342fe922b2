"""What workers tell of themselves, and the page that shows it."""

import threading
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inference.models import Worker
from inference.runs.start import SHARD_SIZES, start_run
from inference.shards.claim import claim_next_shard
from inference.workers import devices, identity
from inference.workers.identity import ThisWorker, report_loaded_model, this_worker
from inference.workers.registration import delete_stale_workers, register_worker, update_heartbeat
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import claim_next, make_worker, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> ThisWorker:
    me = ThisWorker("prm@here", ["prm"], ["scripted"], concurrency=2, reports=True)
    monkeypatch.setattr(identity, "_this", me)
    return me


def test_a_worker_writes_one_row_however_often_it_begins(me: ThisWorker):
    for _ in range(2):
        register_worker(me)
    row = Worker.objects.get()
    assert (row.queues, row.backends, row.concurrency) == (["prm"], ["scripted"], 2)
    assert row.versions["python"]
    assert "CPU" in row.device
    assert list(Worker.objects.connected()) == [row]


def test_a_heartbeat_brings_a_silent_worker_back(me: ThisWorker):
    register_worker(me)
    Worker.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    assert not Worker.objects.connected().exists()
    update_heartbeat(me)
    assert Worker.objects.connected().exists()


def test_a_worker_unheard_of_for_a_week_is_forgotten():
    make_worker("prm@here")
    make_worker("prm@gone")
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    Worker.objects.filter(name="prm@gone").update(heartbeat_at=week_ago)
    delete_stale_workers()
    assert Worker.objects.get().name == "prm@here"


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


def test_gpus_are_told_by_the_drivers_tool(tmp_path, monkeypatch: pytest.MonkeyPatch):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(
        "#!/bin/sh\necho '0, GPU-aa, NVIDIA H200, 143771'\necho '1, GPU-bb, NVIDIA L4, 23034'\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert devices.gpus() == ["NVIDIA H200, 140 GiB", "NVIDIA L4, 22 GiB"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert devices.gpus() == ["NVIDIA L4, 22 GiB"]
    tool.write_text("#!/bin/sh\nexit 9\n")
    assert devices.gpus() == []


def rows(client: Client, *, htmx: bool = False) -> list[list[str]]:
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.get(reverse("inference:worker-list"), headers=headers)
    page = BeautifulSoup(response.content, "html.parser")
    assert bool(page.select("html")) is not htmx
    return [[cell.text for cell in row.select("th, td")] for row in page.select("tbody tr")]


@pytest.mark.parametrize("htmx", [False, True])
def test_the_page_shows_who_is_connected_and_at_what(client: Client, htmx: bool):
    client.force_login(make_user())
    make_worker("prm@here")
    make_worker("prm@away")
    Worker.objects.filter(name="prm@away").update(stopped_at=timezone.now())
    run = start_run(scripted_scorer(), dataset=make_trace(make_dataset()).dataset, created_by=None)
    claim_next("prm@here")
    here, away = rows(client, htmx=htmx)
    assert here[:2] == ["prm@here", "connected"]
    assert here[5] == f"run {run.pk}, 1 shard"
    assert away[:2] == ["prm@away", "stopped"]


def test_the_page_costs_the_same_queries_for_one_worker_and_three(
    client: Client, django_assert_num_queries
):
    client.force_login(make_user())
    for names in (["a"], ["b", "c"]):
        for name in names:
            make_worker(name)
        with django_assert_num_queries(5):
            rows(client)


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
