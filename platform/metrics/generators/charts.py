"""Charts of the generators' pages."""

from collections.abc import Callable, Sequence

import altair as alt

from metrics.charts.chart import Cell, Chart, chart_data, names_axis, spec_of
from metrics.generators.errors import FEW, GeneratorErrors
from metrics.generators.profile import survival_counts
from metrics.stats.survival import survival


def error_rates(found: Sequence[GeneratorErrors]) -> Chart:
    """Return the share of each generator's traces with an error, with intervals."""
    columns = ["generator", "traces", "errors", "rate", "low", "high"]
    rows: list[list[Cell]] = [
        [str(one.generator), one.errors.of, one.errors.count, one.errors.value, *_bounds(one)]
        for one in found
        if one.errors.value is not None
    ]
    base = alt.Chart(chart_data(columns, rows)).encode(
        y=alt.Y("generator:N", title=None, sort=[str(row[0]) for row in rows], axis=names_axis()),
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
        title="Traces with an error",
        summary=f"{rows[0][0]} errs most often, in {rows[0][3]:.0%} of its traces, "
        f"{rows[-1][0]} least, in {rows[-1][3]:.0%}."
        if rows
        else "No verdicts yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(chart),
    )


def error_positions(found: Sequence[GeneratorErrors]) -> Chart:
    """Return a histogram of the first error's position, in tenths of the trace.

    Generators with few errors are left out next to others: they would flatten the scale.
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
                title="relative position in the trace",
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
        title="Position of the first error",
        summary=f"{early / errors:.0%} of the first errors are in the first half of their trace."
        if errors
        else "No errors yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(chart),
    )


def error_steps(found: Sequence[GeneratorErrors]) -> Chart:
    """Return a histogram of the first error's step, counted from 1, over all generators."""
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
        title="Step of the first error",
        summary=(
            f"In half of the traces with an error, the first error is at step {middle} or earlier."
        )
        if middle
        else "No errors yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(chart),
    )


def _bounds(one: GeneratorErrors) -> tuple[float | None, float | None]:
    return one.errors.low, one.errors.high


# More curves than this can't be told apart; the table has all.
CURVES = 5


def still_right(found: Sequence[GeneratorErrors]) -> Chart:
    """Return each generator's Kaplan-Meier curve with its interval, for the most judged ones."""
    columns = ["generator", "step", "right", "low", "high", "at_risk", "errors"]
    curves = [(one, survival(*survival_counts(one))) for one in found]
    rows: list[list[Cell]] = [
        [str(one.generator), p.step, p.right, p.low, p.high, p.at_risk, p.errors]
        for one, points in curves
        for p in points
    ]
    most = sorted(curves, key=lambda pair: -pair[0].traces)[:CURVES]
    names = [str(one.generator) for one, points in most if points]
    # Every trace is right before its first step.
    drawn: list[list[Cell]] = [[name, 0, 1.0, None, None, None, 0] for name in names]
    drawn += [row for row in rows if row[0] in names]
    # A domain rather than a sort: only so are colours and dashes explained together.
    order = alt.Scale(domain=names)
    legend = _legend() if len(names) > 1 else None
    base = alt.Chart().encode(
        x=alt.X("step:Q", title="steps", axis=alt.Axis(tickMinStep=1, format="d")),
        detail="generator:N",
    )
    scale, axis = alt.Scale(domain=[0, 1]), alt.Axis(format="%", tickCount=5)
    band = base.mark_area(style="interval", interpolate="step-after", opacity=0.25).encode(
        y=alt.Y("low:Q", title="still correct", scale=scale, axis=axis),
        y2="high:Q",
        fill=alt.Fill("generator:N", scale=order, legend=legend),
    )
    line = base.mark_line(style="mark", interpolate="step-after").encode(
        y=alt.Y("right:Q", title="still correct", scale=scale, axis=axis),
        # Told apart by dashes too, for those who don't see colours.
        stroke=alt.Stroke("generator:N", scale=order, legend=legend),
        strokeDash=alt.StrokeDash("generator:N", scale=order, legend=legend),
        tooltip=[
            alt.Tooltip("generator:N"),
            alt.Tooltip("step:Q"),
            alt.Tooltip("right:Q", format=".1%"),
            alt.Tooltip("low:Q", format=".1%", title="from"),
            alt.Tooltip("high:Q", format=".1%", title="to"),
            alt.Tooltip("at_risk:Q", format=",", title="traces at risk"),
        ],
    )
    return Chart(
        name="survival",
        title="Share still correct after k steps",
        summary=_said(most[0]) if names else "No usable verdicts yet.",
        columns=columns,
        rows=rows,
        spec=spec_of(
            alt.layer(band, line, data=chart_data(columns, drawn)).properties(width=480, height=220)
        ),
    )


def _legend() -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="bottom",
        columns=1,
        labelLimit=400,
        symbolType="stroke",
        symbolOpacity=1,
    )


def _said(curve: tuple[GeneratorErrors, list]) -> str:
    one, points = curve
    half = next((p.step for p in points if p.right <= 0.5), None)
    if half is None:
        return f"{points[-1].right:.0%} of the traces by {one.generator} are correct to the end."
    return f"Half of the traces by {one.generator} have an error by step {half}."


GENERATOR_CHARTS: dict[str, Callable[[Sequence[GeneratorErrors]], Chart]] = {
    "positions": error_positions,
    "survival": still_right,
    "steps": error_steps,
    "errors": error_rates,
}
