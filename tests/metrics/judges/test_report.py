import pytest
from django.test import Client

from metrics.judges.report import BREAKDOWNS, by_mass, generator_names, report
from metrics.pages.tables import format_percent
from metrics.reports.query import MetricsQuery
from metrics.stats.breakdown import breakdown
from metrics.stats.calibration import by_votes
from metrics.summaries import refresh
from tests.metrics.page_reader import judge_page, table_rows, words
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from tests.metrics.worlds import HOSTILE, World, as_rating, verdict_pairs

pytestmark = pytest.mark.django_db


def test_parts_are_the_functions(reader: Client, world: World) -> None:
    rows = verdict_pairs(world, world.critic)
    names = [trace.problem.subset for trace, _, _ in rows]
    expected = breakdown(
        names,
        [label.earliest_error for _, label, _ in rows],
        [as_rating(said.earliest_error) for _, _, said in rows],
        [trace.problem_id for trace, _, _ in rows],
    )
    page = judge_page(reader, world.critic)
    tables = {table.caption.get_text(): table for table in page.select("table.parts")}
    shown = {
        words(row, "th")[0]: words(row, "td.number")
        for row in tables["Subset"].select("tr.measured")
    }
    assert set(shown) == {"gsm8k", "math"}
    for part in expected:
        interval = part.accuracy_interval
        assert interval is not None
        assert shown[part.name][:3] == [
            format_percent(part.accuracy),
            f"{interval.low:.1f} to {interval.high:.1f}",
            format_percent(part.score.f1),
        ]
        assert shown[part.name][3].startswith(str(part.score.n))
    types = words(tables["Error type"], "tbody th")
    assert sorted(types) == sorted([HOSTILE, "arithmetic"])


def test_votes_are_the_functions(reader: Client, world: World) -> None:
    rows = [row for row in verdict_pairs(world, world.critic) if row[2].earliest_error is not None]
    expected = by_votes(
        [said.confidence for _, _, said in rows],
        [said.earliest_error == label.earliest_error for _, label, said in rows],
    )
    page = judge_page(reader, world.critic)
    chart = next(f for f in page.select("figure") if "votes" in str(f["data-spec-url"]))
    assert table_rows(chart, "table.chart-table") == [
        [f"{v:.3f}" for v in (share, right.value, right.low, right.high)] + [str(right.of)]
        for share, right in expected
    ]


def test_a_judge_without_scores_or_votes_has_none_of_their_figures() -> None:
    dataset, reference = make_dataset()
    judge = make_model("critic")
    judge_traces(judge, label_traces(dataset, reference, "s", [-1, 4, 1]), [-1, 4, None])
    refresh.update()
    figures = report(MetricsQuery((dataset.pk,), judge=judge.pk))
    assert figures.traces == 3
    assert (figures.scores, figures.calibration, figures.votes) == (None, None, [])
    names = {kind: [part.name for part in figures.parts[kind]] for kind in BREAKDOWNS}
    generator = dataset.traces.earliest("pk").generator
    assert names == {
        "position": ["2", "5 to 6", "no error"],
        "length": ["4 to 6"],
        "type": [],
        "subset": ["s"],
        "generator": [str(generator.pk)],
    }
    assert generator_names(figures.parts["generator"]) == {str(generator.pk): str(generator)}


def test_a_judge_without_verdicts_has_an_empty_report() -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", [-1])
    refresh.update()
    figures = report(MetricsQuery((dataset.pk,), judge=make_model("idle").pk))
    assert figures.traces == 0
    assert figures.parts == {kind: [] for kind in BREAKDOWNS}
    assert by_mass(figures).calibration is None


def test_bins_of_equally_many_steps_take_the_place_of_those_of_equal_width(world: World) -> None:
    figures = report(MetricsQuery((world.dataset.pk,), judge=world.prm.pk))
    assert figures.calibration is not None
    assert figures.calibration_by_mass is not None
    assert not figures.calibration.equal_mass
    assert by_mass(figures).calibration == figures.calibration_by_mass
    assert figures.calibration_by_mass.equal_mass
