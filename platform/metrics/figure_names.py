"""The figures that are kept, by the names under which a worker is told to make them."""

from typing import Any

from metrics.agreements import RATERS
from metrics.comparisons import COMPARISONS
from metrics.figures import Figure
from metrics.judge_report import REPORT
from metrics.selections import SELECTED
from metrics.true_rates import RATES

FIGURES: dict[str, Figure[Any]] = {
    figure.name: figure for figure in (COMPARISONS, RATERS, RATES, REPORT, SELECTED)
}
