"""Charts of the judges' pages: leaderboard, thresholds, reliability, votes."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import altair as alt

from metrics.charts.chart import Cell, Chart, chart_data, names_axis, spec_of
from metrics.judges.leaderboard import Leaderboard
from metrics.judges.report import JudgeReport
from metrics.pages.judge_name import judge_name
from metrics.stats.published_scores import PUBLISHED, applies_to
from metrics.stats.wilson import Rate


def f1_by_judge(board: Leaderboard, *, published: bool = True) -> Chart:
    """Return every judge's mean F1 with intervals; published figures and baselines marked."""
    columns = ["judge", "source", "mean_f1", "low", "high"]
    rows = _f1_rows(board, published=published)
    base = alt.Chart(chart_data(columns, rows)).encode(
        y=alt.Y("judge:N", title=None, sort=[str(row[0]) for row in rows], axis=names_axis())
    )
    scale = alt.Scale(domain=[0, 100])
    here, elsewhere = "datum.source == 'measured here'", "datum.source != 'measured here'"
    tooltip = [alt.Tooltip("judge:N"), alt.Tooltip("mean_f1:Q", format=".1f", title="mean F1")]
    layers = [
        _floor_rules(board),
        base.mark_bar(style="interval", height=6)
        .encode(x=alt.X("low:Q", title="F1, mean of subsets", scale=scale), x2="high:Q")
        .transform_filter(here),
        base.mark_tick(style="mark", thickness=3, height=16, opacity=1)
        .encode(x=alt.X("mean_f1:Q", scale=scale), tooltip=tooltip)
        .transform_filter(here),
        base.mark_point(style="published", size=60, filled=False)
        .encode(x=alt.X("mean_f1:Q", scale=scale), tooltip=[*tooltip, alt.Tooltip("source:N")])
        .transform_filter(elsewhere),
    ]
    best = next((row for row in rows if row[1] == "measured here"), None)
    return Chart(
        name="f1",
        title="F1 by judge",
        summary=f"Best judge measured here: {best[0]}, with a mean F1 of {best[2]:.1f}."
        if best
        else "No judge has an F1 yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(alt.layer(*layers).properties(width=520, height=alt.Step(24))),
    )


def _f1_rows(board: Leaderboard, *, published: bool) -> list[list[Cell]]:
    measured = [(row, judge_name(row.judge)) for row in board.judges if row.mean_f1 is not None]
    shared = Counter(name for _, name in measured)
    rows: list[list[Cell]] = [
        [
            # A person and a model may share a name, but not a row of the chart.
            name if shared[name] == 1 else f"{name}, {row.judge.kind}",
            "measured here",
            row.mean_f1,
            row.interval.low if row.interval else None,
            row.interval.high if row.interval else None,
        ]
        for row, name in measured
    ]
    names = [subset.name for subset in board.subsets]
    if published and board.dataset and applies_to(names):
        rows += [
            [f"{one.name} (published)", one.source, one.mean_over(names), None, None]
            for one in PUBLISHED
        ]
    return sorted(rows, key=lambda row: -float(row[2] or 0))


def _floor_rules(board: Leaderboard) -> alt.Chart:
    floors = [
        {"floor": name, "f1": value}
        for name, value in [
            ("best constant answer", board.floors.constant),
            ("final answer only", board.floors.final_answer),
        ]
        if value is not None
    ]
    return (
        alt.Chart(alt.Data(values=floors))
        .mark_rule(style="floor")
        .encode(
            x="f1:Q",
            strokeDash=alt.StrokeDash(
                "floor:N",
                sort=[str(floor["floor"]) for floor in floors],
                legend=alt.Legend(title="floors:", orient="bottom", symbolType="stroke"),
            ),
            tooltip=[alt.Tooltip("floor:N"), alt.Tooltip("f1:Q", format=".1f")],
        )
    )


PERCENT = alt.Scale(domain=[0, 100])
SHARE = alt.Scale(domain=[0, 1])
TICKS = alt.Axis(tickCount=5, format=".1f")


def thresholds(report: JudgeReport) -> Chart | None:
    """Return F1 and both accuracies by threshold, with the scorer's own and the chosen one."""
    found = report.scores
    if found is None or not found.points:
        return None
    columns = ["threshold", "F1", "errors found", "correct accepted"]
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
    marks = [("scorer's default", found.default)]
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
        title="Accuracy by threshold",
        summary=(
            f"F1 over all traces is highest at {best.threshold:.3f}: {best.f1:.1f}. Vertical"
            f" lines: {' and '.join(f'{name}, {at:.3f}' for name, at in marks)}."
            if best
            else "F1 is undefined here."
        ),
        columns=columns,
        rows=rows,
        spec=spec_of(alt.layer(rules, lines).properties(width=480, height=240)),
    )


def reliability(report: JudgeReport) -> Chart | None:
    """Return the share of right steps by score, with Wilson intervals and the diagonal."""
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
        title="Calibration of step scores",
        summary=f"Expected calibration error {found.expected_error:.3f}, "
        f"Brier score {found.brier.score:.3f}, over {found.steps:,} steps, in bins "
        f"{'of about equally many steps' if found.equal_mass else 'of equal width'}.",
        columns=columns,
        rows=rows,
        spec=spec_of(_against_diagonal(columns, rows, "mean_score", "mean score", "correct steps")),
    )


def votes(report: JudgeReport) -> Chart | None:
    """Return how often an answer is right, by its share of the votes."""
    if not report.votes:
        return None
    columns = ["share", "right", "low", "high", "traces"]
    rows: list[list[Cell]] = [[share, *_rate(right)] for share, right in report.votes]
    top = report.votes[-1]
    return Chart(
        name="votes",
        title="Accuracy by agreement of samples",
        summary=f"With {top[0]:.0%} of the votes the answer is right in {top[1].value or 0:.0%}"
        f" of {top[1].of:,} traces.",
        columns=columns,
        rows=rows,
        spec=spec_of(
            _against_diagonal(columns, rows, "share", "share of votes", "correct answers")
        ),
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
