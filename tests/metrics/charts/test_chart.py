import json

import pytest
import vl_convert

from metrics.charts.chart import Chart
from metrics.charts.export import PAPER_CONFIG, chart_file
from metrics.generators.charts import GENERATOR_CHARTS, error_positions, error_rates
from metrics.generators.errors import generator_errors
from metrics.judges.charts import f1_by_judge
from metrics.judges.leaderboard import leaderboard
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
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


def test_error_charts_have_the_generators_figures() -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", [1] * 12 + [-1] * 4, generator="often")
    label_traces(dataset, reference, "s", [0, -1], generator="seldom")
    found = generator_errors(dataset, None)
    assert [row[:4] for row in error_rates(found).rows] == [
        ["often", 16, 12, 0.75],
        ["seldom", 2, 1, 0.5],
    ]
    positions = error_positions(found)
    assert {row[0] for row in positions.rows} == {"often"}
    assert [row[4] for row in positions.rows if row[4]] == pytest.approx([6, 6])
    assert positions.summary.startswith("100%")


@pytest.mark.parametrize("name", GENERATOR_CHARTS)
@pytest.mark.parametrize("labels", [[], [-1, -1], [0, 3, -1]])
def test_generator_charts_can_be_drawn_whatever_the_rows(name: str, labels: list[int]) -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", labels)
    chart = GENERATOR_CHARTS[name](generator_errors(dataset, None))
    assert vl_convert.vegalite_to_svg(chart.spec, config=PAPER_CONFIG).startswith("<svg")
    assert chart.summary.endswith(".")


def test_chart_files_are_what_they_say() -> None:
    chart = chart_of_judges()
    files = {suffix: chart_file(chart, suffix) for suffix in ["svg", "png", "csv", "json"]}
    assert files["png"].content.startswith(b"\x89PNG")
    assert json.loads(files["json"].content) == chart.spec
    assert b"<script" not in files["svg"].content
    assert files["csv"]["Content-Disposition"] == 'attachment; filename="f1.csv"'
    assert len(files["csv"].content.decode().splitlines()) == 1 + len(chart.rows)


def test_f1_chart_keeps_judges_of_one_name_apart() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", [-1, 1])
    consensus = Judge.objects.create(kind=Judge.Kind.CONSENSUS, name="three")
    for judge in [consensus, make_model("three")]:
        judge_traces(judge, traces, [-1, 1])
    names = {row[0] for row in f1_by_judge(leaderboard(dataset)).rows}
    assert names == {"three, consensus", "three, model"}
