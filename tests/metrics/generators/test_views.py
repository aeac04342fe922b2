from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.generators.errors import generator_errors
from metrics.generators.tables import percentage
from tests import factories
from tests.factories import make_user
from tests.metrics.page_reader import read, words
from tests.metrics.rows import (
    LABELS,
    label_traces,
    make_dataset,
)
from traces.models import Dataset, Generator, Judge

pytestmark = pytest.mark.django_db

GENERATORS = reverse("metrics:generator-list")


def test_generator_list_shows_the_generators_figures(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, judge = scored
    for query, by in [({}, None), ({"judge": str(judge.pk)}, judge)]:
        (expected,) = generator_errors(dataset, by)
        (row,) = read(person, GENERATORS, dataset="bench", **query).select("tbody tr.measured")
        numbers = words(row, "td.number")
        right = expected.right_by_wrong
        assert numbers[0] == percentage(expected.errors.value)
        assert numbers[2] == f"{percentage(right.value)} {right.count} of {right.of}"
        assert numbers[3:] == [f"{expected.mean_steps:.1f}", str(expected.traces)]


def test_generator_list_draws_charts_with_tables_and_files(
    reader: Client, scored: tuple[Dataset, Judge]
) -> None:
    figures = read(reader, GENERATORS).select("figure.chart")
    assert len(figures) == 4
    for figure_ in figures:
        drawing = figure_.select_one("[role=img]")
        assert drawing is not None
        assert drawing["aria-label"]
        assert figure_.select("details table tbody tr")
        links = [str(link["href"]) for link in figure_.select(".chart-files a")]
        assert str(figure_["data-spec-url"]) == links[-1]
        for link, kind in zip(links, ["svg+xml", "png", "csv", "json"], strict=True):
            response = reader.get(link)
            assert response.status_code == 200
            assert kind in response["Content-Type"]


@pytest.mark.parametrize("count", [1, 3])
def test_generator_list_takes_the_same_queries_however_many_generators(
    reader: Client, count: int
) -> None:
    dataset, reference = make_dataset()
    for i in range(count):
        label_traces(dataset, reference, "s", LABELS, generator=f"g{i}")
    read(reader, GENERATORS)
    with CaptureQueriesContext(connection) as queries:
        assert len(read(reader, GENERATORS).select("tbody tr.measured")) == count
    assert len(queries) == 12


def test_generator_detail_shows_error_types_and_its_own_charts(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, reference = scored[0], scored[0].reference_judge
    label_traces(dataset, reference, "math", [0, 0], generator="other")
    generator = Generator.objects.get(name="writer")
    path = reverse("metrics:generator-detail", args=[generator.pk])
    found = read(person, path)
    assert [words(row, "th, td") for row in found.select(".error-types tbody tr")] == [
        ["not given", "8"]
    ]
    links = [str(link["href"]) for link in found.select("dl.facts a")]
    assert links[0].endswith(f"?generator={generator.pk}&judge={reference.pk}&finding=error")
    assert len(read(person, links[0]).select("a[href^='/traces/']")) == 8
    for figure_ in found.select("figure.chart"):
        spec = person.get(str(figure_["data-spec-url"])).json()
        assert "other" not in str(spec)
        assert "writer" in str(spec)


def test_generator_pages_without_verdicts_say_so(reader: Client) -> None:
    assert read(reader, GENERATORS).select_one("p.empty") is not None
    generator = factories.make_trace(generator="silent").generator
    path = reverse("metrics:generator-detail", args=[generator.pk])
    assert read(reader, path).select_one("p.empty") is not None
    assert reader.get(reverse("metrics:generator-detail", args=[0])).status_code == 404


@pytest.mark.parametrize("path", ["generators/odd.svg", "generators/errors.exe"])
def test_an_unknown_chart_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(f"/{path}").status_code == 404


def test_generator_list_of_an_unknown_dataset_says_so(reader: Client) -> None:
    found = read(reader, GENERATORS, status=400, dataset="nope")
    assert words(found, ".errorlist li") == ["No dataset has this name."]
    assert found.select("table") == []


PATHS: list[Callable[[], str]] = [
    lambda: GENERATORS,
    lambda: reverse("metrics:generator-chart", args=["errors", "svg"]),
    lambda: reverse("metrics:generator-detail", args=[factories.make_trace().generator.pk]),
]


@pytest.mark.parametrize("make_path", PATHS)
def test_generator_pages_are_for_people_with_a_login_and_only_for_reading(
    client: Client, make_path: Callable[[], str]
) -> None:
    path = make_path()
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))
    client.force_login(make_user("ana"))
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 405
