"""The chart of a run's loss."""

from training.metrics_chart import loss_chart
from training.models import TrainingRun

METRICS = [
    {"step": 1, "loss": 2.0},
    {"step": 2, "loss": 1.0, "held_out_loss": 1.5},
    {"step": 4, "loss": 0.5, "held_out_loss": None},
]


def test_a_chart_has_a_row_per_measurement():
    chart = loss_chart(TrainingRun(metrics=METRICS, step=4))
    assert chart.columns == ["step", "loss", "of"]
    assert chart.rows == [
        [1, 2.0, "training"],
        [2, 1.0, "training"],
        [4, 0.5, "training"],
        [2, 1.5, "held out"],
    ]
    assert chart.summary == "From 2 to 0.5 at update 4. Held-out rows: 1.5."


def test_a_run_without_metrics_has_an_empty_chart():
    chart = loss_chart(TrainingRun())
    assert (chart.rows, chart.summary) == ([], "No measurements yet.")
