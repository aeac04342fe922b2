"""The texts of models under their verdict."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from inference.backends.interface import Output
from inference.models import RawOutput, Scorer
from inference.scorers.registry import get_or_create_scorer
from inference.shards.results import record_outputs
from tests.factories import make_trace, make_user, make_verdict
from traces.models import DatasetMember, Verdict

pytestmark = pytest.mark.django_db


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


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
    assert texts[2] == "(empty)"
    assert [tag.has_attr("open") for tag in shown.select(".outputs details")] == [
        False,
        True,
        False,
    ]
    summaries = [" ".join(tag.text.split()) for tag in shown.select(".outputs summary")]
    assert summaries == [
        "Sample 1: step 1", "Sample 2: step 2 1,200 tokens", "Sample 3: no answer found cut off",
    ]  # fmt: skip


@pytest.mark.usefixtures("lead")
def test_texts_about_single_steps_name_them(client: Client):
    verdict = verdict_with(Output("a", step=0, label="Yes"), Output("b", step=1, label="No"))
    summaries = [
        " ".join(tag.text.split()) for tag in page(outputs(client, verdict)).select("main summary")
    ]
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
