"""Browsing: lists, filters, and a trace with its judges."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import label, make_dataset, make_scorer, make_trace, make_user, make_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _annotator(client: Client) -> None:
    client.force_login(make_user())


def traces_shown(client: Client, dataset: str, **filters: object) -> list[str]:
    answer = client.get(reverse("traces:dataset-detail", args=[dataset]), filters)
    page = BeautifulSoup(answer.content, "html.parser")
    return [link.text for link in page.select("tbody th a[href^='/traces/']")]


@pytest.mark.parametrize("count", [1, 3])
def test_dataset_list_asks_the_same_number_of_queries(
    client: Client, django_assert_num_queries, count: int
):
    for _ in range(count):
        make_trace()
    with django_assert_num_queries(3):
        client.get(reverse("traces:dataset-list"))


@pytest.mark.parametrize("count", [1, 3])
def test_dataset_detail_asks_the_same_number_of_queries(
    client: Client, django_assert_num_queries, count: int
):
    dataset = make_dataset()
    for number in range(count):
        label(make_trace(dataset, generator=f"model-{number}", subset=f"subset-{number}"), 0)
    with django_assert_num_queries(12):
        client.get(reverse("traces:dataset-detail", args=[dataset.name]))


@pytest.mark.parametrize("count", [1, 3])
def test_trace_detail_asks_the_same_number_of_queries(
    client: Client, django_assert_num_queries, count: int
):
    trace = make_trace()
    for _ in range(count):
        make_verdict(trace, make_scorer(threshold=0.5).judge, 1, scores=[0.9, 0.2, 0.1])
    with django_assert_num_queries(7):
        client.get(reverse("traces:trace-detail", args=[trace.pk]))


def test_filters_find_the_traces_they_name(client: Client):
    dataset = make_dataset()
    wrong = make_trace(dataset, subset="a", generator="g", final_answer_correct=True)
    right = make_trace(dataset, subset="b", generator="h")
    label(wrong, 1)
    judge = label(right, -1).judge
    shown = {
        "all": traces_shown(client, dataset.name),
        "subset": traces_shown(client, dataset.name, subset="b"),
        "generator": traces_shown(client, dataset.name, generator=wrong.generator_id),
        "error": traces_shown(client, dataset.name, judge=judge.pk, finding="error"),
        "correct": traces_shown(client, dataset.name, finding="correct"),
        "process": traces_shown(client, dataset.name, finding="wrong-process"),
    }
    assert shown == {
        "all": [wrong.external_id, right.external_id],
        "subset": [right.external_id],
        "generator": [wrong.external_id],
        "error": [wrong.external_id],
        "correct": [right.external_id],
        "process": [wrong.external_id],
    }


def test_pages_follow_the_last_trace_seen(client: Client):
    dataset = make_dataset()
    traces = [make_trace(dataset) for _ in range(52)]
    path = reverse("traces:dataset-detail", args=[dataset.name])
    page = BeautifulSoup(client.get(path).content, "html.parser")
    following = page.find("a", string="Next page")["href"]
    rest = BeautifulSoup(client.get(path + following).content, "html.parser")
    shown = [link.text for link in rest.select("tbody th a[href^='/traces/']")]
    assert shown == [trace.external_id for trace in traces[50:]]


def test_a_trace_shows_scores_with_their_threshold_and_the_steps_that_judges_name(client: Client):
    trace = make_trace()
    scorer = make_scorer("a-prm", threshold=0.5)
    make_verdict(trace, scorer.judge, 1, scores=[0.97, 0.31, 0.2])
    label(trace, 2, explanation="4 + 1 is 5")
    answer = client.get(reverse("traces:trace-detail", args=[trace.pk]))
    page = BeautifulSoup(answer.content, "html.parser")
    steps = page.select("ol.steps > li")
    assert [bool(step.select(".mark.low")) for step in steps] == [False, True, True]
    assert [name.text.strip() for name in steps[1].select(".mark-name")] == ["a-prm"]
    assert [name.text.strip() for name in steps[2].select(".mark-name")] == ["dataset labels"]
    assert "error" in steps[2]["class"]
    assert "4 + 1 is 5" in page.select_one(".verdict-list").text


@pytest.mark.parametrize("name", ["traces:dataset-detail", "traces:trace-detail"])
def test_missing_pages_are_not_found(client: Client, name: str):
    argument = "absent" if name.endswith("dataset-detail") else 999_999
    assert client.get(reverse(name, args=[argument])).status_code == 404
