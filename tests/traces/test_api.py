"""Datasets, traces and verdicts through the API."""

import pytest
from django.test import Client

from tests.factories import label, make_dataset, make_scorer, make_trace, make_user, make_verdict
from traces.models import Dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> None:
    client.force_login(make_user())


@pytest.mark.usefixtures("user")
def test_a_datasets_traces_come_by_pages(client: Client):
    dataset = make_dataset("traces")
    ids = [make_trace(dataset).pk for _ in range(5)]
    seen, after = [], 0
    while after is not None:
        page = client.get(f"/api/datasets/traces/traces?after={after}&limit=2").json()
        seen.append([trace["id"] for trace in page["traces"]])
        after = page["next_after"]
    assert seen == [ids[:2], ids[2:4], ids[4:]]


@pytest.mark.usefixtures("user")
def test_pages_cost_the_same_queries_for_one_trace_and_three(
    client: Client, django_assert_num_queries
):
    dataset = make_dataset("traces")
    scorer = make_scorer("checks")
    for count in (1, 2):
        for _ in range(count):
            make_verdict(make_trace(dataset), scorer.judge, 1)
        with django_assert_num_queries(4):
            assert client.get("/api/datasets/traces/traces").status_code == 200
        with django_assert_num_queries(4):
            assert client.get("/api/datasets/traces/verdicts").status_code == 200


@pytest.mark.usefixtures("user")
def test_a_trace_and_its_verdicts(client: Client):
    trace = make_trace(make_dataset("traces"), problem="What?", steps=["One.", "Two."])
    label(trace, 1, explanation="Not two.")
    make_verdict(trace, make_scorer("checks").judge, None)
    shown = client.get(f"/api/traces/{trace.pk}").json()
    assert (shown["problem"], shown["steps"], shown["dataset"]) == (
        "What?",
        ["One.", "Two."],
        "traces",
    )
    verdicts = client.get(f"/api/traces/{trace.pk}/verdicts").json()
    told = [(one["judge"], one["earliest_error"], one["explanation"]) for one in verdicts]
    assert told == [("dataset labels", 1, "Not two."), ("checks", None, "")]
    page = client.get("/api/datasets/traces/verdicts?judge=checks").json()
    assert [one["failure"] for one in page["verdicts"]] == ["no usable answer"]


@pytest.mark.usefixtures("user")
def test_invisible_rows_are_not_found(client: Client):
    trace = make_trace(make_dataset("traces"))
    Dataset.objects.update(members_only=True)
    for path in ("datasets/traces", "datasets/traces/traces", f"traces/{trace.pk}", "traces/0"):
        assert client.get(f"/api/{path}").status_code == 404
    assert client.get("/api/datasets").json() == []
