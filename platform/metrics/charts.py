"""The charts: what each one shows, as a table and as a Vega-Lite specification made with Altair.

A specification names no colour: the page gives it those of its own theme (`static/js/charts.js`), a
saved picture those of `chart_files`, through the same named styles "mark", "interval" and "floor".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from metrics.generators import FEW, GeneratorErrors
from metrics.leaderboards import Leaderboard
from metrics.naming import judge_name
from metrics.published import PUBLISHED, applies_to

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """`summary` says in words what the picture shows, for those who don't see it."""

    name: str
    title: str
    summary: str
    columns: list[str]
    rows: list[list[Cell]]
    spec: dict[str, Any]

    @property
    def text_rows(self) -> list[list[str]]:
        """The rows for reading: fractions to three decimals, what is missing as a dash."""
        return [[_text(cell) for cell in row] for row in self.rows]


def f1_by_judge(board: Leaderboard, *, published: bool = True) -> Chart:
    """Mean F1 of every judge, with intervals; published figures as rings, floors as lines."""
    columns = ["judge", "source", "mean_f1", "low", "high"]
    rows = _f1_rows(board, published=published)
    base = alt.Chart(chart_data(columns, rows)).encode(
        y=alt.Y("judge:N", title=None, sort=[str(row[0]) for row in rows], axis=_names_axis())
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
        summary=f"{best[0]} has the best figure measured here, a mean F1 of {best[2]:.1f}."
        if best
        else "No judge has an F1 yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(alt.layer(*layers).properties(width=520, height=alt.Step(24))),
    )


def error_rates(found: Sequence[GeneratorErrors]) -> Chart:
    """The share of each generator's traces that have an error, with intervals."""
    columns = ["generator", "traces", "errors", "rate", "low", "high"]
    rows: list[list[Cell]] = [
        [str(one.generator), one.errors.of, one.errors.count, one.errors.value, *_bounds(one)]
        for one in found
        if one.errors.value is not None
    ]
    base = alt.Chart(chart_data(columns, rows)).encode(
        y=alt.Y("generator:N", title=None, sort=[str(row[0]) for row in rows], axis=_names_axis()),
        tooltip=[
            alt.Tooltip("generator:N"),
            alt.Tooltip("rate:Q", format=".1%", title="traces with an error"),
            alt.Tooltip("low:Q", format=".1%", title="from"),
            alt.Tooltip("high:Q", format=".1%", title="to"),
        ],
    )
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format="%", tickCount=5)
    chart = alt.layer(
        base.mark_bar(style="interval", height=6).encode(
            x=alt.X("low:Q", title="traces with an error", scale=scale, axis=axis), x2="high:Q"
        ),
        base.mark_tick(style="mark", thickness=3, height=16, opacity=1).encode(
            x=alt.X("rate:Q", scale=scale)
        ),
    ).properties(width=420, height=alt.Step(24))
    return Chart(
        name="errors",
        title="How many traces have an error",
        summary=f"{rows[0][0]} errs most often, in {rows[0][3]:.0%} of its traces, "
        f"{rows[-1][0]} least, in {rows[-1][3]:.0%}."
        if rows
        else "No trace has a verdict yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(chart),
    )


def error_positions(found: Sequence[GeneratorErrors]) -> Chart:
    """Where in the trace the first error is: a histogram over tenths for each generator.

    Those with few errors are left out beside others, whose shapes theirs would flatten.
    """
    columns = ["generator", "from", "to", "share", "errors"]
    with_errors = [one for one in found if one.errors.count >= FEW]
    if not with_errors:
        with_errors = [one for one in found if one.tenths]
    rows: list[list[Cell]] = [
        [str(one.generator), tenth / 10, (tenth + 1) / 10, share, share * one.errors.count]
        for one in with_errors
        for tenth, share in enumerate(one.tenths)
    ]
    chart = (
        alt.Chart(chart_data(columns, rows))
        .mark_bar(style="errors")
        .encode(
            x=alt.X(
                "from:Q",
                title="position in the trace",
                scale=alt.Scale(domain=[0, 1], nice=False),
                bin="binned",
                axis=alt.Axis(format="%", tickCount=5, grid=False),
            ),
            x2="to:Q",
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=2)),
            row=alt.Row(
                "generator:N",
                sort=[str(one.generator) for one in with_errors],
                title=None,
                spacing=10,
                header=alt.Header(labelAngle=0, labelAlign="left", labelLimit=190, labelPadding=12),
            ),
            tooltip=[
                alt.Tooltip("generator:N"),
                alt.Tooltip("from:Q", format=".0%"),
                alt.Tooltip("to:Q", format=".0%"),
                alt.Tooltip("share:Q", format=".1%", title="of its errors"),
            ],
        )
        .properties(width=400, height=38)
    )
    errors = sum(one.errors.count for one in with_errors)
    early = sum(sum(one.tenths[:5]) * one.errors.count for one in with_errors)
    return Chart(
        name="positions",
        title="Where the first error is",
        summary=f"{early / errors:.0%} of the first errors are in the first half of their trace."
        if errors
        else "No trace has an error yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(chart),
    )


def error_steps(found: Sequence[GeneratorErrors]) -> Chart:
    """At which step the first error is, counted from 1 as people count, all generators together."""
    last = max((step + 1 for one in found for step in one.steps), default=1)
    columns = ["generator", "step", "errors"]
    rows: list[list[Cell]] = [
        [str(one.generator), step + 1, errors]
        for one in found
        for step, errors in one.steps.items()
    ]
    chart = (
        alt.Chart(chart_data(columns, rows))
        .mark_bar(style="errors")
        .encode(
            x=alt.X(
                "step:O",
                title="step of the first error",
                # Steps without an error keep their place.
                scale=alt.Scale(domain=list(range(1, last + 1))),
                axis=alt.Axis(labelAngle=0, labelOverlap=True),
            ),
            y=alt.Y("sum(errors):Q", title="traces", axis=alt.Axis(tickCount=4)),
            tooltip=[
                alt.Tooltip("step:O"),
                alt.Tooltip("sum(errors):Q", format=",", title="traces"),
            ],
        )
        .properties(width=480, height=150)
    )
    steps = [step for one in found for step, errors in one.steps.items() for _ in range(errors)]
    middle = sorted(steps)[len(steps) // 2] + 1 if steps else None
    return Chart(
        name="steps",
        title="At which step the first error is",
        summary=f"The first error is at step {middle} or before in half of the traces with one."
        if middle
        else "No trace has an error yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(chart),
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
            ("knowing only the final answer", board.floors.final_answer),
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


def _text(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _bounds(one: GeneratorErrors) -> tuple[float | None, float | None]:
    return one.errors.low, one.errors.high


def _names_axis() -> alt.Axis:
    return alt.Axis(labelLimit=260, ticks=False, domain=False, labelPadding=8)


def chart_data(columns: list[str], rows: list[list[Cell]]) -> alt.Data:
    return alt.Data(values=[dict(zip(columns, row, strict=True)) for row in rows])


def spec_of(chart: alt.TopLevelMixin) -> dict[str, Any]:
    # Checking it against the schema takes longer than making it; the tests draw every chart.
    spec: dict[str, Any] = chart.to_dict(validate=False)
    # Altair's default size and colours; the theme gives its own.
    spec.pop("config", None)
    return spec
