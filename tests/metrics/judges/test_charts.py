import pytest

from metrics.charts.chart import Chart
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


def test_f1_chart_keeps_judges_of_one_name_apart() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", [-1, 1])
    consensus = Judge.objects.create(kind=Judge.Kind.CONSENSUS, name="three")
    for judge in [consensus, make_model("three")]:
        judge_traces(judge, traces, [-1, 1])
    names = {row[0] for row in f1_by_judge(leaderboard(dataset)).rows}
    assert names == {"three, consensus", "three, model"}
