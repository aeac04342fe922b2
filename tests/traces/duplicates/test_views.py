"""The page of near-duplicates, and the flags on other pages."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import make_dataset, make_trace, make_user
from traces.duplicates import match_problems
from traces.models import ProblemVariant

pytestmark = pytest.mark.django_db

TEXT = "A farmer keeps 12 hens, and each of them lays 3 eggs a day for the market of the town."


def page(client: Client, name: str, *arguments: object) -> BeautifulSoup:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_copies_of_a_benchmark_are_flagged_where_they_appear(as_lead: Client):
    benchmark = make_dataset("bench")
    benchmark.is_benchmark = True
    benchmark.save()
    make_trace(benchmark, problem=TEXT)
    copy = make_trace(problem=TEXT)
    match_problems()
    assert "in a benchmark" in page(as_lead, "traces:dataset-detail", copy.dataset.name).text
    assert "is in the benchmark bench" in page(as_lead, "traces:trace-detail", copy.pk).text
    row = page(as_lead, "traces:duplicate-list", copy.dataset.name).select_one("tbody tr")
    assert [" ".join(cell.text.split()) for cell in row.select("th, td")] == [
        "bench benchmark",
        "1",
        "1",
        "0",
    ]


def test_pairs_with_a_dataset_that_one_may_not_see_stay_hidden(client: Client):
    hidden = make_dataset("hidden")
    hidden.members_only = True
    hidden.save()
    hidden.is_benchmark = True
    hidden.save()
    for number in range(51):
        make_trace(hidden, problem=TEXT, subset=str(number))
    copy = make_trace(problem=TEXT)
    match_problems()
    client.force_login(make_user())
    found = page(client, "traces:duplicate-list", copy.dataset.name)
    assert "hidden" not in found.text
    assert not found.select("nav.pages a")
    for name, where in (("dataset-detail", copy.dataset.name), ("trace-detail", copy.pk)):
        assert "benchmark" not in page(client, f"traces:{name}", where).select_one("main").text


def test_problems_of_one_family_are_shown_as_linked(as_lead: Client):
    dataset = make_dataset()
    texts = [TEXT, TEXT.replace("12", "15"), TEXT.replace("12", "17"), TEXT.replace("12", "18")]
    problems = [make_trace(dataset, problem=text).problem for text in texts]
    match_problems()
    for variant in problems[:2]:
        ProblemVariant.objects.create(problem=variant, original=problems[2])
    rows = (
        page(as_lead, "traces:duplicate-list", dataset.name).select("table")[1].select("tbody tr")
    )
    linked = ["marked" in row.select("td")[-1].text for row in rows]
    # The first three are a family; the fourth is of none.
    assert sorted(linked) == [False] * 3 + [True] * 3


def test_a_pair_with_other_numbers_is_linked_as_variants(as_lead: Client):
    dataset = make_dataset()
    first = make_trace(dataset, problem=TEXT)
    second = make_trace(dataset, problem=TEXT.replace("12", "15"))
    match_problems()
    form = page(as_lead, "traces:duplicate-list", dataset.name).select_one(
        "form[action$='variants/']"
    )
    data = {field["name"]: field["value"] for field in form.select("input[value]")}
    as_lead.post(form["action"], data)
    link = ProblemVariant.objects.get()
    assert (link.problem_id, link.original_id) == (second.problem_id, first.problem_id)
    assert link.kind == "numbers"
