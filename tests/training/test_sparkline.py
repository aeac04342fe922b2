"""The loss curve as SVG points and axis labels."""

from training.sparkline import loss_sparkline

METRICS = [
    {"step": 1, "loss": 2.0},
    {"step": 2, "loss": 1.0, "held_out_loss": 1.5},
    {"step": 4, "loss": 0.5, "held_out_loss": 1.25},
]


def test_a_curve_is_scaled_between_its_lowest_and_highest_loss():
    sparkline = loss_sparkline(METRICS)
    assert sparkline.training == "192.5,10.0 325.0,120.7 590.0,176.0"
    assert [tick.label for tick in sparkline.losses] == ["0.5", "1", "1.5", "2"]
    assert [tick.label for tick in sparkline.steps] == ["1", "2", "3", "4"]
    longer = loss_sparkline([{"step": n, "loss": 0.164 + n / 1000} for n in (1, 700, 1400)])
    assert [tick.label for tick in longer.losses] == ["0.5", "1", "1.5"]
    assert [tick.label for tick in longer.steps] == ["500", "1,000"]
    level = loss_sparkline([{"step": n, "loss": 0.33} for n in (1, 2)])
    assert [tick.label for tick in level.losses] == ["0.33"]
    assert loss_sparkline(METRICS[:1]) is None


def test_held_out_losses_are_a_curve_of_their_own():
    sparkline = loss_sparkline(METRICS)
    assert sparkline.held_out == "325.0,65.3 590.0,93.0"
    assert sparkline.held_out_dots == [["325.0", "65.3"], ["590.0", "93.0"]]
    assert loss_sparkline([{"step": 1, "loss": 1.0}, {"step": 2, "loss": 2.0}]).held_out == ""
