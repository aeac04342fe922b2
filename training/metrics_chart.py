"""The chart of a run's loss by update."""

import altair as alt

from metrics.charts.chart import Cell, Chart
from training.models import TrainingRun

KINDS = {"loss": "training", "held_out_loss": "held out"}


def loss_chart(run: TrainingRun) -> Chart:
    """Return the loss by update on the training data and, if any, on the held-out rows."""
    columns = ["step", "loss", "of"]
    rows: list[list[Cell]] = [
        [line["step"], line[name], kind]
        for name, kind in KINDS.items()
        for line in run.metrics
        if line.get(name) is not None
    ]
    data = alt.Data(values=[dict(zip(columns, row, strict=True)) for row in rows])
    base = alt.Chart(data).encode(
        x=alt.X("step:Q", title="update", axis=alt.Axis(tickMinStep=1, grid=False)),
        y=alt.Y("loss:Q", title="loss", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5)),
        tooltip=[
            alt.Tooltip("step:Q", title="update"),
            alt.Tooltip("loss:Q", format=".4g"),
            alt.Tooltip("of:N"),
        ],
    )
    training = base.transform_filter("datum.of == 'training'")
    held_out = base.transform_filter("datum.of == 'held out'")
    layers = [
        training.mark_line(style="mark", strokeWidth=1.5),
        held_out.mark_line(style="floor", strokeWidth=1.5, point=True),
    ]
    spec = alt.layer(*layers).properties(width=560, height=220).to_dict()
    spec.pop("config", None)
    return Chart("curve", "Loss", _summary(run), columns, rows, spec)


def _summary(run: TrainingRun) -> str:
    losses = [line["loss"] for line in run.metrics if line.get("loss") is not None]
    if not losses:
        return "No measurements yet."
    summary = f"From {losses[0]:.4g} to {losses[-1]:.4g} at update {run.step}."
    held_out = [line["held_out_loss"] for line in run.metrics if line.get("held_out_loss")]
    return f"{summary} Held-out rows: {held_out[-1]:.4g}." if held_out else summary
