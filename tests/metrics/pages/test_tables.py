import pytest

from metrics.pages.tables import (
    Mark,
    PartRow,
    PartTable,
    format_percent,
    format_range,
    format_rate_range,
    interval_mark,
    percent_of_scale,
    rate_mark,
    unit_mark,
)
from metrics.stats.bootstrap import Estimate, Interval
from metrics.stats.wilson import Rate


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.0, "0.0"), (91.05, "91.0"), (100, "100.0")]
)
def test_a_percentage_has_one_decimal_and_a_dash_where_undefined(
    value: float | None, text: str
) -> None:
    assert format_percent(value) == text


def test_a_place_on_the_scale_has_two_decimals() -> None:
    assert percent_of_scale(200 / 3) == "66.67%"


def test_a_range_has_its_digits_and_is_empty_where_undefined() -> None:
    assert format_range(Interval(12.345, 60)) == "12.3 to 60.0"
    assert format_range(Interval(-0.126, 1), 2) == "-0.13 to 1.00"
    assert format_range(None) == ""


def test_a_rate_is_shown_in_percent() -> None:
    rate = Rate(1, 4, 0.25, 0.125, 0.5)
    assert format_rate_range(rate) == "12.5 to 50.0"
    assert rate_mark(rate) == Mark("25.00%", "12.50%", "37.50%")


def test_a_rate_of_nothing_has_no_mark_and_no_range() -> None:
    rate = Rate(0, 0, None, None, None)
    assert rate_mark(rate) is None
    assert format_rate_range(rate) == ""


def test_a_mark_without_an_interval_is_a_place_alone() -> None:
    assert interval_mark(50, None) == Mark("50.00%")
    assert unit_mark(Estimate(0.5, None)) == Mark("50.00%")
    assert unit_mark(Estimate(None, None)) is None


def test_a_figure_below_zero_is_drawn_at_zero() -> None:
    assert unit_mark(Estimate(-0.5, Interval(-0.75, 0.25))) == Mark("0.00%", "0.00%", "25.00%")
    assert unit_mark(Estimate(-0.5, Interval(-0.75, -0.25))) == Mark("0.00%", "0.00%", "0.00%")


def test_a_table_is_linked_if_one_of_its_rows_is() -> None:
    plain = PartRow("a", None, "–", "", "", "0", link="")
    linked = PartRow("b", None, "–", "", "", "0", link="", wrong_link="/traces/")
    assert not PartTable("Subset", []).is_linked
    assert not PartTable("Subset", [plain]).is_linked
    assert PartTable("Subset", [plain, linked]).is_linked
