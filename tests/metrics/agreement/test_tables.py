from types import SimpleNamespace
from typing import Any, cast

from metrics.agreement.report import RaterGroup, RaterPair
from metrics.agreement.tables import (
    GROUP_HEADS,
    MEANINGS,
    agreement_rows,
    group_rows,
    pair_rows,
    together_rows,
)
from metrics.pages.tables import Mark
from metrics.pages.trace_links import TraceLinks
from metrics.stats.agreement import Agreement, PairAgreement
from metrics.stats.bootstrap import Estimate, Interval
from traces.models import Dataset

HOSTILE = "</td><script>alert(1)</script>"
UNDEFINED = Estimate(None, None)
HALF = Estimate(0.5, Interval(0.25, 0.75))


def links_of(dataset: Dataset | None) -> TraceLinks:
    form: Any = SimpleNamespace(chosen_dataset=dataset, cleaned_data={})
    return TraceLinks(form)


def agreement_of(estimate: Estimate, traces: int = 1234) -> Agreement:
    figures = {field: estimate for field, _, _ in MEANINGS}
    return Agreement(traces=traces, **cast(Any, figures))


def test_the_matrix_has_no_cell_of_a_judge_with_itself_and_one_for_each_order() -> None:
    names = [(2, HOSTILE), (1, "critic")]
    rows = agreement_rows(names, {(1, 2): (0.5, 1234)}, links_of(Dataset(name="bench")))
    assert [row.name for row in rows] == [HOSTILE, "critic"]
    assert [[cell.text for cell in row.cells] for row in rows] == [["", "0.50"], ["0.50", ""]]
    cell = rows[0].cells[1]
    assert cell.shade == 4
    assert cell.detail == f"{HOSTILE} and critic: 1,234 traces"
    assert cell.link.endswith("?judge=2&other=1&finding=disagree")


def test_a_pair_without_shared_traces_or_a_figure_is_a_dash() -> None:
    names = [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    values = {(1, 2): (None, 5), (1, 3): (0.9, 0), (2, 3): (-0.4, 5)}
    rows = agreement_rows(names, values, links_of(None))
    assert [cell.text for cell in rows[0].cells] == ["", "–", "–", "–"]
    assert rows[0].cells[1].detail == "a and b: 5 traces"
    assert rows[0].cells[2].detail == ""
    assert (rows[1].cells[2].text, rows[1].cells[2].shade) == ("-0.40", 0)
    assert {cell.link for row in rows for cell in row.cells} == {""}
    assert agreement_rows([], {}, links_of(None)) == []


def test_a_row_for_each_figure_has_its_interval_and_mark() -> None:
    rows = together_rows(agreement_of(HALF))
    assert [row.name for row in rows] == [name for _, name, _ in MEANINGS]
    assert {(row.value, row.interval) for row in rows} == {("0.50", "0.25 to 0.75")}
    assert rows[0].mark == Mark("50.00%", "25.00%", "50.00%")


def test_an_undefined_figure_is_a_dash_without_a_mark() -> None:
    rows = together_rows(agreement_of(UNDEFINED))
    assert {(row.value, row.interval, row.mark) for row in rows} == {("–", "", None)}


def test_a_pair_of_people_is_named_and_linked() -> None:
    pair = RaterPair(1, 2, PairAgreement(1234, HALF, UNDEFINED, HALF, HALF, HALF))
    (row,) = pair_rows([pair], {1: HOSTILE}, links_of(Dataset(name="bench")))
    assert row.name == f"{HOSTILE} and –"
    assert row.traces == "1,234"
    assert row.figures[:2] == [("0.50", "0.25 to 0.75"), ("–", "")]
    assert row.link.endswith("?judge=1&other=2&finding=disagree")


def test_a_group_is_called_by_its_name_or_its_number() -> None:
    groups = [RaterGroup("7", agreement_of(HALF)), RaterGroup("8", agreement_of(UNDEFINED, 0))]
    rows = group_rows(groups, {"7": "writer"})
    assert [(row.name, row.traces) for row in rows] == [("writer", "1,234"), ("8", "0")]
    assert rows[0].figures == [("0.50", "0.25 to 0.75")] * len(GROUP_HEADS)
