"""Scorers that ask a language model, and what it wrote, as a lead, an annotator and a stranger."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inference.backends.critic.prompts import DEFAULT
from inference.backends.interface import Output
from inference.models import RawOutput, Scorer
from inference.scorers.registry import get_or_create_scorer
from inference.shards.results import record_outputs
from tests.factories import make_trace, make_user, make_verdict
from traces.models import DatasetMember, Verdict

pytestmark = pytest.mark.django_db

CREATE = {"name": "critic-a", "backend": "critic", "model": "qwen", "endpoint": "http://gpu-1:8000"}


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def create(client: Client, **more: Any) -> Any:
    return client.post(reverse("inference:critic-create"), CREATE | more)


def critic(name: str = "critic-a", **parameters: Any) -> Scorer:
    known = {"endpoint": "http://gpu-1:8000/v1", **parameters}
    return get_or_create_scorer(name, backend="critic", model="qwen", parameters=known)


def verdict_with(*outputs: Output, error: int | None = 1, scorer: Scorer | None = None) -> Verdict:
    trace = make_trace()
    verdict = make_verdict(trace, (scorer or critic()).judge, error)
    record_outputs({verdict.pk: outputs}, run_id=1)
    return verdict


def outputs(client: Client, verdict: Verdict, *, htmx: bool = False) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.get(reverse("inference:verdict-outputs", args=[verdict.pk]), headers=headers)


@pytest.mark.usefixtures("lead")
def test_a_lead_adds_a_critic_and_sees_its_whole_recipe(client: Client):
    response = create(client, samples="8", temperature="1", top_p="0.9", parse="tolerant")
    scorer = Scorer.objects.get()
    assert response.url == reverse("inference:scorer-detail", args=[scorer.pk])
    assert (scorer.kind, scorer.queue, scorer.threshold) == ("critic", "critic", None)
    assert scorer.parameters["prompt"] == DEFAULT
    assert (scorer.parameters["samples"], scorer.parameters["parse"]) == (8, "tolerant")
    shown = page(client.get(response.url)).select_one("main").text
    assert all(word in shown for word in ("http://gpu-1:8000", "tolerant", "{tagged_response}"))


@pytest.mark.usefixtures("lead")
def test_a_prompt_comes_in_a_file(client: Client):
    text = "{problem}\r\nand\n{tagged_response} \\boxed{{}}"
    create(client, prompt_file=SimpleUploadedFile("p.txt", text.encode()))
    assert Scorer.objects.get().parameters["prompt"] == text


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"endpoint": ""}, "name either an endpoint"),
        ({"endpoint": "file:///etc/passwd"}, "is not an endpoint"),
        ({"prompt": "{problem} {x} {tagged_response}"}, "a place for 'x'"),
        ({"samples": "8"}, "At temperature 0 all 8 samples are the same"),
        ({"api_key_env": "sk-1"}, "never the key itself"),
        ({"more": "[1]"}, "Enter a JSON object"),
        ({"more": "{"}, "Enter a JSON object"),
        ({"more": '{"speed": 1}'}, "unknown field `speed`"),
        ({"backend": "qwen-prm"}, "not one of the available choices"),
        ({"backend": "gen-prm", "parse": "tolerant"}, "unknown field `parse`"),
        ({"prompt_file": SimpleUploadedFile("p.txt", b"\xff")}, "isn't UTF-8 text"),
    ],
)
def test_a_recipe_that_cannot_be_is_shown_again_with_a_sentence(
    client: Client, more: dict[str, Any], said: str
):
    response = create(client, **more)
    assert response.status_code == 400
    assert said in page(response).select_one(".errorlist").text
    assert Scorer.objects.count() == 0


@pytest.mark.usefixtures("lead")
def test_further_parameters_are_json(client: Client):
    create(client, more='{"concurrency": 3}')
    assert Scorer.objects.get().parameters["concurrency"] == 3


@pytest.mark.usefixtures("lead")
def test_the_scorers_page_leads_to_recipes_and_to_the_form(client: Client):
    scorer = critic()
    shown = page(client.get(reverse("inference:scorer-list")))
    for path in (
        reverse("inference:scorer-detail", args=[scorer.pk]), reverse("inference:critic-create"),
    ):  # fmt: skip
        assert shown.select_one(f"main a[href='{path}']")
    choices = {option["value"] for option in shown.select("select[name=backend] option")}
    assert "qwen-prm" in choices
    assert not {"critic", "gen-prm", "think-prm"} & choices


TEXTS = (
    Output("It is 0. \\boxed{0}", sample=0, label="0"),
    Output("<b>so</b> \\boxed{1}\0", sample=1, label="1", tokens_out=1200),
    Output("", sample=2, finish_reason="length"),
)


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize("htmx", [False, True])
def test_every_text_is_shown_as_it_is_and_the_agreeing_one_open(client: Client, htmx: bool):
    shown = page(outputs(client, verdict_with(*TEXTS), htmx=htmx))
    assert bool(shown.select("html")) is not htmx
    texts = [tag.text for tag in shown.select(".outputs pre")]
    assert texts[0] == "It is 0. \\boxed{0}"
    assert texts[1].startswith("<b>so</b> \\boxed{1}")
    assert texts[2] == "(nothing)"
    assert [tag.has_attr("open") for tag in shown.select("details")] == [False, True, False]
    summaries = [" ".join(tag.text.split()) for tag in shown.select("summary")]
    assert summaries == [
        "Sample 1: step 1", "Sample 2: step 2 1,200 tokens", "Sample 3: no answer found cut off",
    ]  # fmt: skip


@pytest.mark.usefixtures("lead")
def test_texts_about_single_steps_name_them(client: Client):
    verdict = verdict_with(Output("a", step=0, label="Yes"), Output("b", step=1, label="No"))
    summaries = [tag.text for tag in page(outputs(client, verdict)).select("summary")]
    assert summaries == ["Step 1: Yes", "Step 2: No"]


@pytest.mark.usefixtures("lead")
def test_a_verdict_without_texts_says_so(client: Client):
    assert "No stored output for this judge" in page(outputs(client, verdict_with())).text


@pytest.mark.usefixtures("lead")
def test_the_trace_links_to_the_texts_at_the_step_that_they_blame(client: Client):
    verdict = verdict_with(*TEXTS)
    path = reverse("inference:verdict-outputs", args=[verdict.pk])
    shown = page(client.get(reverse("traces:trace-detail", args=[verdict.trace_id])))
    (link,) = shown.select(f".step a[href='{path}']")
    assert link["hx-get"] == path
    assert link.find_parent(id="step-2")
    assert link.find_next(class_="said").find_parent(id="step-2")
    assert shown.select_one(f".verdict-list a[href='{path}']")


def test_a_user_who_may_not_see_the_trace_reads_nothing(client: Client):
    verdict = verdict_with(*TEXTS)
    dataset = verdict.trace.dataset
    dataset.members_only = True
    dataset.save()
    assert outputs(client, verdict).url.startswith(reverse("accounts:login"))
    reader = make_user()
    client.force_login(reader)
    assert outputs(client, verdict).status_code == 404
    DatasetMember.objects.create(dataset=dataset, user=reader)
    assert outputs(client, verdict).status_code == 200


def test_an_annotator_reads_recipes_and_adds_none(client: Client):
    client.force_login(make_user())
    scorer = critic()
    assert client.get(reverse("inference:scorer-detail", args=[scorer.pk])).status_code == 200
    assert client.get(reverse("inference:critic-create")).status_code == 403
    assert create(client).status_code == 403


@pytest.mark.usefixtures("lead")
def test_wrong_ids_and_methods(client: Client):
    for name in ("scorer-detail", "verdict-outputs"):
        assert client.get(reverse(f"inference:{name}", args=[10**9])).status_code == 404
        assert client.post(reverse(f"inference:{name}", args=[1])).status_code == 405


@pytest.mark.usefixtures("lead")
def test_reading_costs_the_same_queries_for_one_text_and_three(
    client: Client, django_assert_num_queries
):
    scorer = critic()
    for texts in (TEXTS[:1], TEXTS):
        verdict = verdict_with(*texts, scorer=scorer)
        with django_assert_num_queries(4):
            assert outputs(client, verdict).status_code == 200
    assert RawOutput.objects.count() == 4
