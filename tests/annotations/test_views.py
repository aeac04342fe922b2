"""The review page over HTTP: what it shows, takes, refuses."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import label, make_dataset, make_scorer, make_trace, make_user, make_verdict
from traces.models import Trace, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def annotator(client: Client):
    user = make_user("ada")
    client.force_login(user)
    return user


def address(trace: Trace) -> str:
    return reverse("annotations:review", args=[trace.dataset.name, trace.pk])


def send(client: Client, trace: Trace, **fields: str):
    return client.post(address(trace), {"based_on": "0", **fields})


def test_submit_stores_the_verdict_and_goes_on_to_the_next_trace(client, annotator):
    first = make_trace()
    second = make_trace(first.dataset)
    response = send(
        client,
        first,
        earliest_error="1",
        error_type="calculation",
        correction="Then 4 + 1 = 5.",
        note="a slip",
        seconds_spent="12",
    )
    verdict = Verdict.objects.get()
    assert (verdict.judge.user, verdict.earliest_error) == (annotator, 1)
    assert (verdict.error_type, verdict.correction) == ("calculation", "Then 4 + 1 = 5.")
    assert (verdict.explanation, verdict.seconds_spent) == ("a slip", 12)
    assert client.get(response.url).url == address(second)


def test_no_error_drops_what_was_written_of_an_error(client, annotator):
    trace = make_trace()
    send(client, trace, earliest_error="-1", error_type="logical", correction="x")
    verdict = Verdict.objects.get()
    assert (verdict.earliest_error, verdict.error_type, verdict.correction) == (-1, "", "")


@pytest.mark.parametrize("sent", ["", "3", "-2", "one"])
def test_a_step_that_is_not_there_is_refused_with_a_sentence(client, annotator, sent):
    response = send(client, make_trace(), earliest_error=sent)
    assert response.status_code == 400
    assert BeautifulSoup(response.content, "html.parser").select_one(".notice.error").text
    assert not Verdict.objects.exists()


def test_a_conflict_shows_both_sides(client, annotator):
    trace = make_trace()
    send(client, trace, earliest_error="1")
    response = send(client, trace, earliest_error="2", note="kept")
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 409
    assert "step 2" in page.select_one(".notice.error").text
    assert page.select_one("input[name=earliest_error]:checked, input[checked]")["value"] == "2"
    assert page.select_one("#note").text == "kept"
    assert page.select_one("input[name=based_on]")["value"] == "1"


def test_reference_labels_and_other_people_are_not_shown(client, annotator):
    trace = make_trace()
    label(trace, 1, explanation="the reference says so")
    make_verdict(trace, make_scorer("a-checker").judge, 1, explanation="the checker says so")
    page = client.get(address(trace)).content.decode()
    assert "the checker says so" in page
    assert "the reference says so" not in page


def test_text_of_a_trace_is_never_markup(client, annotator):
    trace = make_trace(steps=["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
    page = BeautifulSoup(client.get(address(trace)).content, "html.parser")
    assert all(script.get("src") for script in page.select("script"))
    assert not page.select("#steps img, #steps script")
    assert "<script>alert(1)</script>" in page.select_one("#step-1 .step-text").text


def test_all_reviewed_says_so(client, annotator):
    trace = make_trace()
    response = client.post(address(trace), {"based_on": "0", "earliest_error": "-1"}, follow=True)
    assert "every trace" in response.content.decode()


def test_preview_is_typeset_and_clean(client, annotator):
    response = client.post(
        reverse("annotations:preview"), {"correction": r"\(\frac{1}{2}\) <script>x</script>"}
    )
    body = response.content.decode()
    assert "<mfrac>" in body
    assert "<script" not in body


def test_a_trace_of_another_dataset_is_not_found(client, annotator):
    trace, other = make_trace(), make_trace()
    path = reverse("annotations:review", args=[other.dataset.name, trace.pk])
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queue_list_asks_the_same_number_of_queries(
    client, annotator, django_assert_num_queries, count
):
    for _ in range(count):
        make_trace()
    with django_assert_num_queries(3):
        client.get(reverse("annotations:queue-list"))


def test_line_ends_are_those_of_the_traces(client, annotator):
    send(client, make_trace(), earliest_error="1", correction="a\r\nb", note="c\r\nd")
    verdict = Verdict.objects.get()
    assert (verdict.correction, verdict.explanation) == ("a\nb", "c\nd")


@pytest.mark.parametrize(("sent", "stored"), [("-5", 0), ("90000", 86_400), ("", None)])
def test_no_review_is_refused_for_its_clock(client, annotator, sent, stored):
    response = send(client, make_trace(), earliest_error="-1", seconds_spent=sent)
    assert response.status_code == 302
    assert Verdict.objects.get().seconds_spent == stored


def test_a_refused_review_still_says_that_models_were_shown(client, annotator):
    trace = make_trace()
    judge = make_verdict(trace, make_scorer("a-checker").judge, 1).judge
    seen = {"models_shown": "on", "models_shown_before": "on"}
    page = BeautifulSoup(send(client, trace, **seen).content, "html.parser")
    kept = {name: page.select_one(f"input[name={name}]")["value"] for name in seen}
    send(client, trace, earliest_error="1", **kept)
    verdict = Verdict.objects.get(judge__user=annotator)
    assert (verdict.shown_judges, verdict.shown_before_deciding) == ([judge.pk], True)


def test_a_dataset_of_any_name_can_be_reviewed(client, annotator):
    trace = make_trace(make_dataset("preview"))
    assert client.get(reverse("annotations:review-next", args=["preview"])).url == address(trace)


@pytest.mark.parametrize("after", ["9" * 20, "9" * 5_000, "-1", "²", "\0"])
def test_any_place_to_go_on_from_leads_to_a_trace(client, annotator, after):
    trace = make_trace()
    path = reverse("annotations:review-next", args=[trace.dataset.name])
    assert client.get(path, {"after": after}).url == address(trace)
