"""Figures and marks as table cells show them."""

from dataclasses import dataclass

from metrics.stats.bootstrap import Estimate, Interval
from metrics.stats.wilson import Rate


def format_percent(value: float | None) -> str:
    """Return a percentage to one decimal, as the field prints it."""
    return "–" if value is None else f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class Mark:
    """Places on a scale from 0 to 100, as SVG percentages; no `low` without an interval."""

    at: str
    low: str = ""
    width: str = ""


def percent_of_scale(value: float) -> str:
    return f"{value:.2f}%"


SHADES = 9


@dataclass(frozen=True, slots=True)
class PartRow:
    """Figures in percent, with links to the `traces` counted and to the wrong ones.

    `of` is how many traces there are, where `traces` are only the erroneous ones.
    """

    name: str
    mark: Mark | None
    value: str
    interval: str
    f1: str
    traces: str
    link: str
    wrong_link: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class PartTable:
    title: str
    rows: list[PartRow]

    @property
    def is_linked(self) -> bool:
        """Return whether keys reach a link in the table, and so can scroll it."""
        return any(row.link or row.wrong_link for row in self.rows)


@dataclass(frozen=True, slots=True)
class ShadedCell:
    """A shaded cell; `shade` is 0 to 9, `detail` says in words what the number is."""

    text: str
    shade: int
    link: str
    detail: str
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class ShadedRow:
    name: str
    total: str
    cells: list[ShadedCell]


def rate_mark(rate: Rate) -> Mark | None:
    if rate.value is None or rate.low is None or rate.high is None:
        return None
    return interval_mark(100 * rate.value, Interval(100 * rate.low, 100 * rate.high))


def format_rate_range(rate: Rate) -> str:
    if rate.low is None or rate.high is None:
        return ""
    return format_range(Interval(100 * rate.low, 100 * rate.high))


def format_range(interval: Interval | None, digits: int = 1) -> str:
    if interval is None:
        return ""
    return f"{interval.low:.{digits}f} to {interval.high:.{digits}f}"


def interval_mark(value: float, interval: Interval | None) -> Mark:
    if interval is None:
        return Mark(at=percent_of_scale(value))
    return Mark(
        at=percent_of_scale(value),
        low=percent_of_scale(interval.low),
        width=percent_of_scale(interval.high - interval.low),
    )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure on a scale from 0 to 1; one below 0 is drawn at 0."""

    name: str
    meaning: str
    mark: Mark | None
    value: str
    interval: str


def unit_mark(estimate: Estimate) -> Mark | None:
    """Return a mark on a scale from 0 to 1."""
    if estimate.value is None:
        return None
    at = percent_of_scale(100 * max(estimate.value, 0))
    if estimate.interval is None:
        return Mark(at=at)
    low, high = max(estimate.interval.low, 0), max(estimate.interval.high, 0)
    return Mark(at, percent_of_scale(100 * low), percent_of_scale(100 * (high - low)))
