from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.judges.leaderboard import leaderboard
from metrics.pages.tables import format_percent
from tests.factories import make_user
from tests.metrics.page_reader import judge_page, read, words
from tests.metrics.rows import (
    FOUND,
    LABELS,
    judge_traces,
    label_traces,
    make_dataset,
    make_model,
)
from tests.metrics.worlds import (
    World,
)
from traces.models import Dataset, Judge

pytestmark = pytest.mark.django_db

JUDGES = reverse("metrics:judge-list")


def test_judge_list_shows_the_leaderboards_figures(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, _ = scored
    board = leaderboard(dataset)
    (expected,) = board.judges
    found = read(person, JUDGES)
    (row,) = found.select("tr.measured")
    assert words(row, "th") == ["prm model"]
    assert expected.interval is not None
    between = f"{expected.interval.low:.1f} to {expected.interval.high:.1f}"
    assert words(row, "td.number") == [
        format_percent(expected.mean_f1),
        between,
        *(format_percent(subset.score.f1) for subset in expected.subsets.values()),
    ]
    assert words(row, "td.note") == ["14 · 2 unparsable"]
    mark = row.select_one("rect.at")
    assert mark is not None
    assert mark["x"] == f"{expected.mean_f1:.2f}%"
    floors = [words(row, "td.mean")[0] for row in found.select("tfoot tr")]
    assert floors == [
        format_percent(board.floors.constant),
        format_percent(board.floors.final_answer),
        "14",
    ]


def test_judge_list_shows_published_figures_next_to_processbench_subsets_only(
    reader: Client, scored: tuple[Dataset, Judge]
) -> None:
    rows = read(reader, JUDGES).select("tr.published")
    best = rows[0]
    assert words(best, "th") == ["o1-mini critic"]
    # The mean of 93.2 and 88.9, in binary a hair under 91.05.
    assert words(best, "td.number")[0] in {"91.0", "91.1"}
    assert words(best, "td.number")[2:] == ["93.2", "88.9"]
    assert best.select_one("circle.ring") is not None
    assert read(reader, JUDGES, published="hidden").select("tr.published") == []
    assert read(reader, JUDGES, dataset="").select("tr.published") == []


def test_judge_list_measures_against_the_chosen_reference(
    reader: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, judge = scored
    found = read(reader, JUDGES, dataset="bench", reference=str(judge.pk), published="hidden")
    (row,) = found.select("tr.measured")
    (expected,) = leaderboard(dataset, judge).judges
    assert words(row, "td.mean") == [format_percent(expected.mean_f1)]


def test_judge_list_marks_a_part_as_a_part(reader: Client, scored: tuple[Dataset, Judge]) -> None:
    dataset, _ = scored
    traces = list(dataset.traces.filter(problem__subset="math").order_by("pk"))
    judge_traces(make_model("half"), traces, LABELS)
    row = read(reader, JUDGES).select("tr.measured")[0]
    assert words(row, "td.note") == ["7 of 14 · 1 of 2 subsets"]
    assert words(row, "td.number") == ["100.0", "100.0 to 100.0", "–", "100.0"]


def test_judge_list_says_what_to_do_where_nothing_is_labelled_or_judged(reader: Client) -> None:
    empty = read(reader, JUDGES).select_one("p.empty")
    assert empty is not None
    assert empty.select_one(f"a[href='{reverse('traces:dataset-list')}']") is not None
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", LABELS)
    unjudged = read(reader, JUDGES).select_one("p.empty")
    assert unjudged is not None
    assert "No judge has verdicts on the 7 labelled traces yet" in unjudged.get_text()


@pytest.mark.parametrize("count", [2, 4])
def test_judge_list_takes_the_same_queries_however_many_judges(
    reader: Client, count: int, scored: tuple[Dataset, Judge]
) -> None:
    dataset, _ = scored
    for i in range(count - 1):
        judge_traces(make_model(f"j{i}"), list(dataset.traces.order_by("pk")), FOUND * 2)
    read(reader, JUDGES)
    with CaptureQueriesContext(connection) as queries:
        assert len(read(reader, JUDGES).select("tr.measured")) == count
    assert len(queries) == 16


def test_judge_detail_counts_the_outcomes_and_links_the_traces(
    person: Client, scored: tuple[Dataset, Judge]
) -> None:
    dataset, judge = scored
    path = reverse("metrics:judge-detail", args=[judge.pk])
    found = read(person, path)
    assert [words(row, "th, td") for row in found.select("table.outcomes tbody tr")] == [
        ["gsm8k", "7", "1", "0", "1", "1", "1", "1", "2"],
        ["math", "7", "1", "0", "1", "1", "1", "1", "2"],
        ["all", "14", "2", "0", "2", "2", "2", "2", "4"],
    ]
    links = [link["href"] for link in found.select("table.behind td a")]
    early = dataset.traces.filter(verdicts__judge=judge, verdicts__earliest_error=0)
    early = early.exclude(external_id__endswith="-3").order_by("pk")
    assert links == [reverse("traces:trace-detail", args=[trace.pk]) for trace in early]
    missed = read(person, path, outcome="missed")
    assert words(missed, "table.behind td.number") == ["5", "step 2", "no error"] * 2


def test_judge_detail_without_verdicts_here_says_so(reader: Client) -> None:
    make_dataset()
    path = reverse("metrics:judge-detail", args=[make_model("idle").pk])
    assert read(reader, path).select_one("p.empty") is not None
    assert reader.get(reverse("metrics:judge-detail", args=[0])).status_code == 404
    assert reader.get(path, {"outcome": "odd"}).status_code == 400


@pytest.mark.parametrize("suffix", ["svg", "png", "csv", "json"])
def test_judge_chart_is_a_file(reader: Client, scored: tuple[Dataset, Judge], suffix: str) -> None:
    response = reader.get(reverse("metrics:judge-chart", args=[suffix]))
    assert response["Content-Disposition"] == f'attachment; filename="f1.{suffix}"'


@pytest.mark.parametrize("path", ["judges/chart.exe", "judges/chart.svg?dataset=no"])
def test_an_unknown_chart_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(f"/{path}").status_code == 404


def test_judge_list_of_an_unknown_dataset_says_so(reader: Client) -> None:
    found = read(reader, JUDGES, status=400, dataset="nope")
    assert words(found, ".errorlist li") == ["No dataset has this name."]
    assert found.select("table") == []


PATHS: list[Callable[[], str]] = [
    lambda: JUDGES,
    lambda: reverse("metrics:judge-chart", args=["svg"]),
    lambda: reverse("metrics:judge-detail", args=[make_model("prm").pk]),
]


@pytest.mark.parametrize("make_path", PATHS)
def test_judge_pages_are_for_people_with_a_login_and_only_for_reading(
    client: Client, make_path: Callable[[], str]
) -> None:
    path = make_path()
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))
    client.force_login(make_user("ana"))
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("chart", ["thresholds", "reliability"])
@pytest.mark.parametrize("suffix", ["svg", "png", "csv", "json"])
def test_a_judges_charts_are_files(reader: Client, world: World, chart: str, suffix: str) -> None:
    response = reader.get(reverse("metrics:judge-figure", args=[world.prm.pk, chart, suffix]))
    assert response["Content-Disposition"] == f'attachment; filename="{chart}.{suffix}"'
    nothing = reader.get(reverse("metrics:judge-figure", args=[world.people[0].pk, chart, suffix]))
    assert nothing.status_code == 404


def test_the_choice_of_bins_stays_in_the_address(reader: Client, world: World) -> None:
    page = judge_page(reader, world.prm)
    (link,) = page.select(".choice a:not([aria-current])")
    chosen = read(reader, reverse("metrics:judge-detail", args=[world.prm.pk]) + str(link["href"]))
    (kept,) = chosen.select('form.filters input[name="bins"]')
    assert kept["value"] == "mass"
    assert all("bins=mass" in str(a["href"]) for a in chosen.select("table.outcomes thead a"))
    path = reverse("metrics:judge-detail", args=[world.prm.pk])
    assert reader.get(path, {"bins": "odd"}).status_code == 400
