"""Registry of the cached reports, by the names that tasks use."""

from typing import Any

from metrics.agreement.report import RATERS
from metrics.error_rates.report import RATES
from metrics.judges.comparison import COMPARISONS
from metrics.judges.filtered_counts import SELECTED
from metrics.judges.report import REPORT
from metrics.reports.cache import CachedReport

REPORTS: dict[str, CachedReport[Any]] = {
    figure.name: figure for figure in (COMPARISONS, RATERS, RATES, REPORT, SELECTED)
}
