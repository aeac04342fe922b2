from dataclasses import replace

import pytest

from metrics.charts.chart import Chart
from metrics.charts.export import chart_file
from metrics.judges.charts import JUDGE_CHARTS, f1_by_judge
from metrics.judges.leaderboard import leaderboard
from metrics.judges.report import JudgeReport, report
from metrics.reports.query import MetricsQuery
from metrics.stats.wilson import wilson_rate
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from tests.metrics.worlds import World
from traces.models import Judge

pytestmark = pytest.mark.django_db

HOSTILE = "=cmd|' /C calc'!A0</svg><script>alert(1)</script>"


def chart_of_judges() -> Chart:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "gsm8k", [-1, -1, 2, 3] * 4)
    judge_traces(make_model(HOSTILE), traces, [-1, 1, 2, None] * 4)
    return f1_by_judge(leaderboard(dataset))


def test_f1_chart_has_the_leaderboards_figures() -> None:
    chart = chart_of_judges()
    (row,) = [row for row in chart.rows if row[1] == "measured here"]
    assert row[0] == HOSTILE
    assert row[2] == 50.0
    assert row[3] <= 50.0 <= row[4]  # type: ignore[operator]
    published = {row[0]: row[2] for row in chart.rows if row[1] != "measured here"}
    assert published["o1-mini (published)"] == 93.2
    assert "mean F1 of 50.0" in chart.summary


def test_f1_chart_keeps_judges_of_one_name_apart() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", [-1, 1])
    consensus = Judge.objects.create(kind=Judge.Kind.CONSENSUS, name="three")
    for judge in [consensus, make_model("three")]:
        judge_traces(judge, traces, [-1, 1])
    names = {row[0] for row in f1_by_judge(leaderboard(dataset)).rows}
    assert names == {"three, consensus", "three, model"}


def test_a_leaderboard_of_nothing_can_be_drawn() -> None:
    dataset, _ = make_dataset()
    chart = f1_by_judge(leaderboard(dataset))
    assert (chart.rows, chart.summary) == ([], "No judge has an F1 yet.")
    assert chart_file(chart, "svg").content.startswith(b"<svg")


def test_published_figures_can_be_hidden() -> None:
    dataset, reference = make_dataset()
    judge_traces(make_model("prm"), label_traces(dataset, reference, "gsm8k", [-1, 2]), [-1, 2])
    board = leaderboard(dataset)
    assert len(f1_by_judge(board).rows) > 1
    assert [row[0] for row in f1_by_judge(board, published=False).rows] == ["prm"]


@pytest.mark.parametrize("name", JUDGE_CHARTS)
def test_a_report_without_figures_has_no_chart(name: str) -> None:
    assert JUDGE_CHARTS[name](JudgeReport(0, {}, None, None, None, [])) is None


@pytest.mark.parametrize("name", ["thresholds", "reliability"])
def test_a_judges_charts_have_the_reports_figures_and_can_be_drawn(world: World, name: str) -> None:
    figures = report(MetricsQuery((world.dataset.pk,), judge=world.prm.pk))
    chart = JUDGE_CHARTS[name](figures)
    assert chart is not None
    assert figures.scores is not None
    assert figures.calibration is not None
    counts = {
        "thresholds": len(figures.scores.points),
        "reliability": len(figures.calibration.bins),
    }
    assert (chart.name, len(chart.rows)) == (name, counts[name])
    assert chart.summary.endswith(".")
    assert chart_file(chart, "svg").content.startswith(b"<svg")
    undefined = replace(figures, scores=replace(figures.scores, points=[]))
    assert JUDGE_CHARTS["thresholds"](undefined) is None


def test_the_chart_of_votes_has_a_row_for_each_share() -> None:
    votes = [(0.5, wilson_rate(1, 4)), (1.0, wilson_rate(1200, 1500))]
    chart = JUDGE_CHARTS["votes"](JudgeReport(4, {}, None, None, None, votes))
    assert chart is not None
    assert [row[:2] + row[4:] for row in chart.rows] == [[0.5, 0.25, 4], [1.0, 0.8, 1500]]
    assert chart.summary == "With 100% of the votes the answer is right in 80% of 1,500 traces."
