"""The charts of one judge: its thresholds, its reliability, its votes."""

from collections.abc import Callable
from typing import Any

import altair as alt

from metrics.charts import Cell, Chart, chart_data, spec_of
from metrics.judge_report import JudgeReport
from metrics.wilson import Rate

PERCENT = alt.Scale(domain=[0, 100])
SHARE = alt.Scale(domain=[0, 1])
TICKS = alt.Axis(tickCount=5, format=".1f")


def thresholds(report: JudgeReport) -> Chart | None:
    """F1 and both accuracies at every threshold, with the scorer's own and the chosen one."""
    found = report.scores
    if found is None or not found.points:
        return None
    columns = ["threshold", "F1", "errors found", "right accepted"]
    rows: list[list[Cell]] = [
        [p.threshold, p.f1, p.accuracy_erroneous, p.accuracy_correct] for p in found.points
    ]
    order = alt.Scale(domain=columns[1:])
    lines = (
        alt.Chart(chart_data(columns, rows))
        .transform_fold([*columns[1:]], as_=["figure", "percent"])
        .mark_line(style="mark", clip=True)
        .encode(
            # The ends, where the judge never or always objects, reach beyond every score.
            x=alt.X("threshold:Q", title="threshold", scale=_scores_scale(report)),
            y=alt.Y("percent:Q", title="percent", scale=PERCENT),
            color=alt.Color("figure:N", scale=order, legend=_legend()),
            strokeDash=alt.StrokeDash("figure:N", scale=order, legend=_legend()),
            tooltip=[
                alt.Tooltip("figure:N"),
                alt.Tooltip("threshold:Q", format=".3f"),
                alt.Tooltip("percent:Q", format=".1f"),
            ],
        )
    )
    marks = [("the scorer's own", found.default)]
    if found.chosen is not None:
        marks.append(("chosen on development problems", found.chosen))
    rules = (
        alt.Chart(chart_data(["which", "at"], [[name, at] for name, at in marks]))
        .mark_rule(style="floor")
        .encode(x="at:Q", tooltip=[alt.Tooltip("which:N"), alt.Tooltip("at:Q", format=".3f")])
    )
    best = max((p for p in found.points if p.f1 is not None), key=lambda p: p.f1 or 0, default=None)
    return Chart(
        name="thresholds",
        title="At every threshold",
        summary=(
            f"F1 over all traces is highest, {best.f1:.1f}, at {best.threshold:.3f}; upright lines"
            f" are {' and '.join(f'{name}, {at:.3f}' for name, at in marks)}."
            if best
            else "F1 is undefined here."
        ),
        columns=columns,
        rows=rows,
        spec=spec_of(alt.layer(rules, lines).properties(width=480, height=240)),
    )


def reliability(report: JudgeReport) -> Chart | None:
    """The share of right steps by score, with Wilson intervals, against the diagonal."""
    found = report.calibration
    if found is None:
        return None
    columns = ["from", "to", "mean_score", "right", "low", "high", "steps"]
    rows: list[list[Cell]] = [
        [b.low, b.high, b.mean_score, b.right.value, b.right.low, b.right.high, b.right.of]
        for b in found.bins
    ]
    return Chart(
        name="reliability",
        title="Is a score of 0.8 right eight times in ten?",
        summary=f"Expected calibration error {found.expected_error:.3f}, "
        f"Brier score {found.brier.score:.3f}, over {found.steps:,} steps, in bins "
        f"{'of about equally many steps' if found.equal_mass else 'of equal width'}.",
        columns=columns,
        rows=rows,
        spec=spec_of(_against_diagonal(columns, rows, "mean_score", "mean score", "right steps")),
    )


def votes(report: JudgeReport) -> Chart | None:
    """How often an answer is right, by the share of votes that it got."""
    if not report.votes:
        return None
    columns = ["share", "right", "low", "high", "traces"]
    rows: list[list[Cell]] = [[share, *_rate(right)] for share, right in report.votes]
    top = report.votes[-1]
    return Chart(
        name="votes",
        title="Does agreement among its samples mean being right?",
        summary=f"With {top[0]:.0%} of the votes the answer is right in {top[1].value or 0:.0%}"
        f" of {top[1].of:,} traces.",
        columns=columns,
        rows=rows,
        spec=spec_of(_against_diagonal(columns, rows, "share", "share of votes", "right answers")),
    )


JUDGE_CHARTS: dict[str, Callable[[JudgeReport], Chart | None]] = {
    "thresholds": thresholds,
    "reliability": reliability,
    "votes": votes,
}


def _against_diagonal(
    columns: list[str], rows: list[list[Cell]], x: str, title: str, share: str
) -> alt.TopLevelMixin:
    base = alt.Chart(chart_data(columns, rows)).encode(
        x=alt.X(f"{x}:Q", title=title, scale=SHARE, axis=TICKS),
        tooltip=[alt.Tooltip(f"{name}:Q", format=".3~f") for name in columns],
    )
    diagonal = (
        alt.Chart(chart_data(["x", "y"], [[0, 0], [1, 1]]))
        .mark_line(style="floor", strokeDash=[4, 3])
        .encode(x="x:Q", y="y:Q")
    )
    bars = base.mark_rule(style="interval", strokeWidth=4, opacity=0.5).encode(
        y=alt.Y("low:Q", title=share, scale=SHARE, axis=TICKS), y2="high:Q"
    )
    points = base.mark_point(style="mark", filled=True, size=50, opacity=1).encode(y="right:Q")
    return alt.layer(diagonal, bars, points).properties(width=340, height=260)


def _scores_scale(report: JudgeReport) -> Any:
    return alt.Scale(domain=[0, 1]) if report.calibration else alt.Undefined


def _rate(rate: Rate) -> list[Cell]:
    return [rate.value, rate.low, rate.high, rate.of]


def _legend() -> Any:
    return alt.Legend(title=None, orient="bottom", symbolType="stroke")
