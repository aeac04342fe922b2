"""Whole runs of critics against a real server: what is stored, and what a run's page says."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from inference.backends.chat import request_retry
from inference.models import RawOutput, Scorer, ScoringRun
from inference.runs.start import start_run
from inference.scorers.registry import builtin_scorer, get_or_create_scorer, recipe_of
from inference.shards import score
from inference.workers.model_cache import unload
from tests.factories import make_dataset, make_trace, make_user
from tests.openai_server import Answer, OpenAIServer, completion, refusal, serving
from traces.models import Dataset, Verdict

pytestmark = pytest.mark.django_db

GOOD = completion("\\boxed{1}")


@pytest.fixture(autouse=True)
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "127.0.0.1")
    monkeypatch.setattr(request_retry, "FIRST_WAIT", 0.001)


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset()
    for _ in range(3):
        make_trace(dataset)
    return dataset


def critic(server: OpenAIServer, **parameters: Any) -> Scorer:
    known = {"endpoint": server.url, "patience": 0.1, **parameters}
    scorer = get_or_create_scorer("critic-a", backend="critic", model="critic-7b", parameters=known)
    unload(recipe_of(scorer))
    return scorer


def work(run: ScoringRun, times: int = 3) -> ScoringRun:
    for _ in range(times):
        score.score_next(run.scorer.queue)
    run.refresh_from_db()
    return run


def said_on_the_page(client: Client, run: ScoringRun) -> str:
    client.force_login(make_user(role="lead"))
    response = client.get(reverse("inference:run-detail", args=[run.pk]))
    shown = BeautifulSoup(response.content, "html.parser").select_one("#state")
    return " ".join(shown.text.split())


def test_a_run_stores_verdicts_shares_and_every_text(dataset: Dataset):
    with serving(completion("a \\boxed{1}", "b \\boxed{1}", "c", "d \\boxed{0}")) as server:
        scorer = critic(server, samples=4, temperature=1.0)
        run = work(start_run(scorer, dataset=dataset, created_by=None))
    assert run.status == "finished"
    found = set(Verdict.objects.values_list("earliest_error", "confidence", "explanation"))
    assert found == {(1, 0.5, "a \\boxed{1}")}
    assert RawOutput.objects.count() == 12
    assert run.shards.get().tokens == 3 * 128


def test_half_a_character_costs_no_trace_its_verdict(dataset: Dataset):
    """JSON spells them, and servers that cut a text within a character send them."""
    half = {"finish_reason": "\ud800"}
    with serving(completion("\ud83d is right \0 \\boxed{1}", **half)) as server:
        run = work(start_run(critic(server), dataset=dataset, created_by=None))
    assert run.status == "finished"
    assert set(Verdict.objects.values_list("earliest_error", "explanation")) == {
        (1, "\ufffd is right \0 \\boxed{1}")
    }
    assert set(RawOutput.objects.values_list("text", "finish_reason")) == {
        ("\ufffd is right \0 \\boxed{1}", "\ufffd")
    }


@pytest.mark.parametrize(
    ("answer", "models", "said"),
    [
        (refusal(404, "no"), Answer({}), "knows no model 'critic-7b'"),
        (completion("x"), Answer({"data": [{"id": "other"}]}), "has no model 'critic-7b'"),
        (refusal(401, "no"), Answer({}), "refuses the key or asks for one (status 401)."),
        (Answer("<html>", content_type="text/html"), Answer({}), "a web page instead of JSON"),
        (Answer('{"choices": ['), Answer({}), "JSON that breaks off or is malformed"),
        (Answer("what?", content_type="text/plain"), Answer({}), "text that is not JSON"),
        (refusal(503, "loading"), Answer({}), "status 503 again and again: “loading”"),
        (Answer({}, hang=0.5), Answer({}), "gave no answer in 0.2 seconds."),
        (refusal(503, "\ud83d"), Answer({}), "again and again: “\ufffd”"),
        (GOOD, Answer({"data": [{"id": "a\0\ud83d"}]}), "it has a\ufffd."),
    ],
)
def test_an_endpoint_that_fails_is_a_sentence_on_the_runs_page_and_harms_no_other(
    client: Client, dataset: Dataset, answer: Answer, models: Answer, said: str
):
    with serving(answer, models=models) as server:
        run = work(start_run(critic(server, timeout=0.2), dataset=dataset, created_by=None))
    assert run.status == "failed"
    shown = said_on_the_page(client, run)
    assert f"The endpoint {server.url} " in shown
    assert said in shown
    assert Verdict.objects.count() == 0
    assert work(
        start_run(builtin_scorer("arithmetic"), dataset=dataset, created_by=None)
    ).status == ("finished")


def test_a_closed_port_and_an_address_that_is_not_allowed_are_said(
    client: Client, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
):
    with serving(completion("x")) as server:
        scorer = critic(server)
    run = work(start_run(scorer, dataset=dataset, created_by=None))
    assert "refuses the connection: no server listens there." in said_on_the_page(client, run)
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "")
    run = work(start_run(scorer, dataset=dataset, created_by=None))
    assert f"add {server.address} to MISSTEP_ENDPOINTS" in said_on_the_page(client, run)


def test_an_endpoint_that_comes_back_loses_and_doubles_nothing(dataset: Dataset):
    answers = [refusal(503, "loading")] * 10
    with serving(lambda _: answers.pop() if answers else completion("\\boxed{1}")) as server:
        run = start_run(critic(server, concurrency=1), dataset=dataset, created_by=None)
        assert work(run, times=1).shards.get().status == "queued"
        answers.clear()
        assert work(run, times=1).status == "finished"
    assert Verdict.objects.count() == RawOutput.objects.count() == 3


def test_traces_without_an_answer_are_reasons_on_the_page(client: Client, dataset: Dataset):
    with serving(completion("hm")) as server:
        run = work(start_run(critic(server), dataset=dataset, created_by=None))
    assert run.status == "finished"
    assert "The model's answer has no \\boxed{} with a number." in said_on_the_page(client, run)
    assert RawOutput.objects.filter(text="hm").count() == 3
