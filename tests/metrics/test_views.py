from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.generators.errors import generator_errors
from metrics.generators.tables import percentage
from metrics.judges.leaderboard import leaderboard
from metrics.pages.tables import format_percent
from tests import factories
from tests.factories import make_user
from tests.metrics.rows import (
    judge_traces,
    label_traces,
    make_dataset,
    make_model,
)
from traces.models import Dataset, Generator, Judge

pytestmark = pytest.mark.django_db

LABELS = [-1, -1, -1, 0, 1, 1, 4]
FOUND = [-1, 2, -1, 0, 0, -1, None]

JUDGES = reverse("metrics:judge-list")
GENERATORS = reverse("metrics:generator-list")


@pytest.fixture(params=["annotator", "lead"])
def person(client: Client, request: pytest.FixtureRequest) -> Client:
    client.force_login(make_user("ana", role=request.param))
    return client


@pytest.fixture
def scored() -> tuple[Dataset, Judge]:
    dataset, reference = make_dataset("bench")
    judge = make_model("prm")
    for subset in ["gsm8k", "math"]:
        traces = label_traces(dataset, reference, subset, LABELS, generator="writer")
        judge_traces(judge, traces, FOUND)
    return dataset, judge


def page(client: Client, path: str, status: int = 200, **query: str) -> BeautifulSoup:
    response = client.get(path, query)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def texts(row: Tag, selector: str) -> list[str]:
    return [" ".join(cell.get_text().split()) for cell in row.select(selector)]


def test_judge_list_shows_the_leaderboards_figures(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, _ = scored
    board = leaderboard(dataset)
    (expected,) = board.judges
    found = page(person, JUDGES)
    (row,) = found.select("tr.measured")
    assert texts(row, "th") == ["prm model"]
    assert expected.interval is not None
    between = f"{expected.interval.low:.1f} to {expected.interval.high:.1f}"
    assert texts(row, "td.number") == [
        format_percent(expected.mean_f1),
        between,
        *(format_percent(subset.score.f1) for subset in expected.subsets.values()),
    ]
    assert texts(row, "td.note") == ["14 · 2 unparsable"]
    mark = row.select_one("rect.at")
    assert mark is not None
    assert mark["x"] == f"{expected.mean_f1:.2f}%"
    floors = [texts(row, "td.mean")[0] for row in found.select("tfoot tr")]
    assert floors == [
        format_percent(board.floors.constant),
        format_percent(board.floors.final_answer),
        "14",
    ]


def test_judge_list_shows_published_figures_next_to_processbench_subsets_only(
    reader: Client, scored: tuple[Dataset, Judge]
) -> None:
    rows = page(reader, JUDGES).select("tr.published")
    best = rows[0]
    assert texts(best, "th") == ["o1-mini critic"]
    # The mean of 93.2 and 88.9, in binary a hair under 91.05.
    assert texts(best, "td.number")[0] in {"91.0", "91.1"}
    assert texts(best, "td.number")[2:] == ["93.2", "88.9"]
    assert best.select_one("circle.ring") is not None
    assert page(reader, JUDGES, published="hidden").select("tr.published") == []
    assert page(reader, JUDGES, dataset="").select("tr.published") == []


def test_judge_list_measures_against_the_chosen_reference(
    reader: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, judge = scored
    found = page(reader, JUDGES, dataset="bench", reference=str(judge.pk), published="hidden")
    (row,) = found.select("tr.measured")
    (expected,) = leaderboard(dataset, judge).judges
    assert texts(row, "td.mean") == [format_percent(expected.mean_f1)]


def test_judge_list_marks_a_part_as_a_part(reader: Client, scored: tuple[Dataset, Judge]) -> None:
    dataset, _ = scored
    traces = list(dataset.traces.filter(problem__subset="math").order_by("pk"))
    judge_traces(make_model("half"), traces, LABELS)
    row = page(reader, JUDGES).select("tr.measured")[0]
    assert texts(row, "td.note") == ["7 of 14 · 1 of 2 subsets"]
    assert texts(row, "td.number") == ["100.0", "100.0 to 100.0", "–", "100.0"]


def test_judge_list_says_what_to_do_where_nothing_is_labelled_or_judged(reader: Client) -> None:
    empty = page(reader, JUDGES).select_one("p.empty")
    assert empty is not None
    assert empty.select_one(f"a[href='{reverse('traces:dataset-list')}']") is not None
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", LABELS)
    unjudged = page(reader, JUDGES).select_one("p.empty")
    assert unjudged is not None
    assert "7 labelled traces, and no judge has judged them yet" in unjudged.get_text()


@pytest.mark.parametrize("path", [JUDGES, GENERATORS])
def test_a_page_of_an_unknown_dataset_says_so(reader: Client, path: str) -> None:
    found = page(reader, path, status=400, dataset="nope")
    assert texts(found, ".errorlist li") == ["No dataset has this name."]
    assert found.select("table") == []


@pytest.mark.parametrize("count", [2, 4])
def test_judge_list_takes_the_same_queries_however_many_judges(
    reader: Client, count: int, scored: tuple[Dataset, Judge]
) -> None:
    dataset, _ = scored
    for i in range(count - 1):
        judge_traces(make_model(f"j{i}"), list(dataset.traces.order_by("pk")), FOUND * 2)
    page(reader, JUDGES)
    with CaptureQueriesContext(connection) as queries:
        assert len(page(reader, JUDGES).select("tr.measured")) == count
    assert len(queries) == 16


def test_judge_detail_counts_the_outcomes_and_links_the_traces(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, judge = scored
    path = reverse("metrics:judge-detail", args=[judge.pk])
    found = page(person, path)
    assert [texts(row, "th, td") for row in found.select("table.outcomes tbody tr")] == [
        ["gsm8k", "7", "1", "0", "1", "1", "1", "1", "2"],
        ["math", "7", "1", "0", "1", "1", "1", "1", "2"],
        ["all", "14", "2", "0", "2", "2", "2", "2", "4"],
    ]
    links = [link["href"] for link in found.select("table.behind td a")]
    early = dataset.traces.filter(verdicts__judge=judge, verdicts__earliest_error=0)
    early = early.exclude(external_id__endswith="-3").order_by("pk")
    assert links == [reverse("traces:trace-detail", args=[trace.pk]) for trace in early]
    missed = page(person, path, outcome="missed")
    assert texts(missed, "table.behind td.number") == ["5", "step 2", "no error"] * 2


def test_judge_detail_without_verdicts_here_says_so(reader: Client) -> None:
    make_dataset()
    path = reverse("metrics:judge-detail", args=[make_model("idle").pk])
    assert page(reader, path).select_one("p.empty") is not None
    assert reader.get(reverse("metrics:judge-detail", args=[0])).status_code == 404
    assert reader.get(path, {"outcome": "odd"}).status_code == 400


def test_generator_list_shows_the_generators_figures(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, judge = scored
    for query, by in [({}, None), ({"judge": str(judge.pk)}, judge)]:
        (expected,) = generator_errors(dataset, by)
        (row,) = page(person, GENERATORS, dataset="bench", **query).select("tbody tr.measured")
        numbers = texts(row, "td.number")
        right = expected.right_by_wrong
        assert numbers[0] == percentage(expected.errors.value)
        assert numbers[2] == f"{percentage(right.value)} {right.count} of {right.of}"
        assert numbers[3:] == [f"{expected.mean_steps:.1f}", str(expected.traces)]


def test_generator_list_draws_charts_with_tables_and_files(
    reader: Client, scored: tuple[Dataset, Judge]
) -> None:
    figures = page(reader, GENERATORS).select("figure.chart")
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
    page(reader, GENERATORS)
    with CaptureQueriesContext(connection) as queries:
        assert len(page(reader, GENERATORS).select("tbody tr.measured")) == count
    assert len(queries) == 12


def test_generator_detail_shows_error_types_and_its_own_charts(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, reference = scored[0], scored[0].reference_judge
    label_traces(dataset, reference, "math", [0, 0], generator="other")
    generator = Generator.objects.get(name="writer")
    path = reverse("metrics:generator-detail", args=[generator.pk])
    found = page(person, path)
    assert [texts(row, "th, td") for row in found.select(".error-types tbody tr")] == [
        ["not said", "8"]
    ]
    links = [str(link["href"]) for link in found.select("dl.facts a")]
    assert links[0].endswith(f"?generator={generator.pk}&judge={reference.pk}&finding=error")
    assert len(page(person, links[0]).select("a[href^='/traces/']")) == 8
    for figure_ in found.select("figure.chart"):
        spec = person.get(str(figure_["data-spec-url"])).json()
        assert "other" not in str(spec)
        assert "writer" in str(spec)


def test_generator_pages_without_verdicts_say_so(reader: Client) -> None:
    assert page(reader, GENERATORS).select_one("p.empty") is not None
    generator = factories.make_trace(generator="silent").generator
    path = reverse("metrics:generator-detail", args=[generator.pk])
    assert page(reader, path).select_one("p.empty") is not None
    assert reader.get(reverse("metrics:generator-detail", args=[0])).status_code == 404


@pytest.mark.parametrize(
    "path", ["judges/chart.exe", "judges/chart.svg?dataset=no", "generators/odd.svg"]
)
def test_an_unknown_chart_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("suffix", ["svg", "png", "csv", "json"])
def test_judge_chart_is_a_file(reader: Client, scored: tuple[Dataset, Judge], suffix: str) -> None:
    response = reader.get(reverse("metrics:judge-chart", args=[suffix]))
    assert response["Content-Disposition"] == f'attachment; filename="f1.{suffix}"'


PATHS: list[Callable[[], str]] = [
    lambda: JUDGES,
    lambda: GENERATORS,
    lambda: reverse("metrics:judge-chart", args=["svg"]),
    lambda: reverse("metrics:generator-chart", args=["errors", "svg"]),
    lambda: reverse("metrics:judge-detail", args=[make_model("prm").pk]),
    lambda: reverse("metrics:generator-detail", args=[factories.make_trace().generator.pk]),
]


@pytest.mark.parametrize("make_path", PATHS)
def test_pages_are_for_people_with_a_login_and_only_for_reading(
    client: Client, make_path: Callable[[], str]
) -> None:
    path = make_path()
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))
    client.force_login(make_user("ana"))
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 405
