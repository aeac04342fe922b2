import pytest

from metrics.error_rates.report import Form, TrueRate, TrueRates
from metrics.error_rates.tables import FEW_LABELS, RateTable, estimate_cells, rate_rows
from metrics.pages.tables import Mark
from metrics.stats.bootstrap import Estimate, Interval
from metrics.stats.prevalence import RateEstimate
from tests.factories import make_trace

HOSTILE = "<script>alert(1)</script>"


def form_of(
    name: str = "classical",
    *,
    gain: float | None = None,
    needed: int | None = 0,
    is_normal: bool = False,
) -> Form:
    return Form(name, RateEstimate(0.25, Interval(0.125, 0.5), 40), gain, needed, is_normal)


def table_of(*forms: Form, normal_holds: bool = True, by_model: float | None = 0.3) -> RateTable:
    rate = TrueRate(None, 1040, 40, by_model, list(forms), normal_holds)
    (table,) = rate_rows(TrueRates([rate], unknown=0))
    return table


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Look up the names of generators."""


def test_an_estimate_is_shown_in_percent_with_its_interval_and_mark() -> None:
    table = table_of(form_of())
    assert (table.name, table.traces, table.labels) == ("All traces", "1,040", "40")
    assert table.by_model == "30.0 %"
    (row,) = table.forms
    assert (row.name, row.value, row.interval) == ("labels only", "25.0 %", "12.5 to 50.0")
    assert row.mark == Mark("25.00%", "12.50%", "37.50%")
    assert table.alone == "25.0 % (12.5 to 50.0)"


@pytest.mark.parametrize(
    ("needed", "text"),
    [
        (None, "needs more traces, not labels"),
        (0, "none: reached"),
        (1000, "1,000"),
        (1001, "1,001; only 1,000 left"),
    ],
)
def test_the_labels_needed_are_compared_with_the_unlabelled_traces(
    needed: int | None, text: str
) -> None:
    assert table_of(form_of(needed=needed)).forms[0].needed == text


def test_a_gain_is_a_factor_and_empty_where_undefined() -> None:
    table = table_of(form_of(), form_of("stratified", gain=2.345))
    assert [row.gain for row in table.forms] == ["", "× 2.35"]


def test_few_labels_are_warned_of_for_normal_intervals_only() -> None:
    forms = [form_of(), form_of("ppi", is_normal=True)]
    assert [row.warning for row in table_of(*forms, normal_holds=False).forms] == ["", FEW_LABELS]
    assert [row.warning for row in table_of(*forms).forms] == ["", ""]


def test_a_rate_without_labels_or_verdicts_is_a_dash() -> None:
    table = table_of(by_model=None)
    assert (table.by_model, table.alone, table.forms) == ("–", "–", [])


def test_a_generator_is_called_by_its_name_and_a_deleted_one_is_a_dash() -> None:
    generator = make_trace(generator=HOSTILE).generator
    rates = [TrueRate(number, 1, 0, None, [], False) for number in (generator.pk, 0)]
    assert [table.name for table in rate_rows(TrueRates(rates, 0))] == [HOSTILE, "–"]


def test_an_estimate_has_three_decimals_and_a_dash_where_undefined() -> None:
    assert estimate_cells(Estimate(0.5, Interval(0.25, 0.75))) == ("0.500", "0.250 to 0.750")
    assert estimate_cells(Estimate(1.0, None)) == ("1.000", "")
    assert estimate_cells(Estimate(None, None)) == ("–", "")
