"""How long each generator's traces stay right, and the list of generators' charts."""

from collections.abc import Callable, Sequence

import altair as alt

from metrics.charts import (
    Cell,
    Chart,
    chart_data,
    error_positions,
    error_rates,
    error_steps,
    spec_of,
)
from metrics.generator_profiles import survival_counts
from metrics.generators import GeneratorErrors
from metrics.survival import survival

# More curves than this can't be told apart; the table has all.
CURVES = 5


def still_right(found: Sequence[GeneratorErrors]) -> Chart:
    """Kaplan and Meier's curve of each generator, with its interval; drawn for the most judged."""
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
        y=alt.Y("low:Q", title="still right", scale=scale, axis=axis),
        y2="high:Q",
        fill=alt.Fill("generator:N", scale=order, legend=legend),
    )
    line = base.mark_line(style="mark", interpolate="step-after").encode(
        y=alt.Y("right:Q", title="still right", scale=scale, axis=axis),
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
        title="Still right after so many steps",
        summary=_said(most[0]) if names else "No trace has a usable verdict yet.",
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
        return f"{points[-1].right:.0%} of {one.generator}'s traces are right to the end."
    return f"Half of {one.generator}'s traces have gone wrong by step {half}."


GENERATOR_CHARTS: dict[str, Callable[[Sequence[GeneratorErrors]], Chart]] = {
    "positions": error_positions,
    "survival": still_right,
    "steps": error_steps,
    "errors": error_rates,
}
