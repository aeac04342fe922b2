from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from metrics.judges.breakdown_tables import confusion_heads, confusion_rows, part_tables
from metrics.judges.report import BREAKDOWNS, JudgeReport
from metrics.pages.trace_links import TraceLinks
from metrics.stats.breakdown import breakdown
from metrics.stats.confusion_matrix import confusion
from tests.factories import make_trace
from tests.metrics.page_reader import judge_page, table_rows
from tests.metrics.worlds import World, verdict_pairs
from traces.models import Dataset, Judge

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["prm", "critic"])
def test_the_confusion_matrix_is_the_functions(reader: Client, world: World, kind: str) -> None:
    judge = getattr(world, kind)
    rows = verdict_pairs(world, judge)
    expected = confusion([(a.earliest_error, b.earliest_error, 1) for _, a, b in rows])
    shown = table_rows(judge_page(reader, judge), "table.confusion")
    counts = [[int(cell or 0) for cell in row[1:-1]] for row in shown]
    assert counts == [row for row in expected.counts.tolist() if sum(row)]
    assert [int(row[-1]) for row in shown] == [sum(row) for row in counts]


HOSTILE = "</td><script>alert(1)</script>"


def links_of(dataset: Dataset | None) -> TraceLinks:
    form: Any = SimpleNamespace(
        chosen_dataset=dataset, cleaned_data={"reference": Judge(pk=1) if dataset else None}
    )
    return TraceLinks(form)


def choices_of(link: str) -> dict[str, str]:
    return QueryDict(link.partition("?")[2]).dict()  # type: ignore[return-value]


def report_of(**names: list[str]) -> JudgeReport:
    """Make a report whose parts are one wrong trace each."""
    parts = {
        kind: breakdown(names.get(kind, []), *[[0] * len(names.get(kind, []))] * 3)
        for kind in BREAKDOWNS
    }
    return JudgeReport(1, parts, None, None, None, [])


def test_confusion_rows_are_shares_of_their_row() -> None:
    matrix = confusion([(0, 0, 3000), (0, None, 1000), (-1, 14, 2)])
    rows = confusion_rows(matrix, links_of(Dataset(name="bench")), 2)
    assert [(row.name, row.total) for row in rows] == [("1", "4,000"), ("no error", "2")]
    first = rows[0].cells[0]
    assert (first.text, first.shade, first.is_right) == ("3,000", 7, True)
    assert first.detail == "reference: step 1; judge: step 1; 75 % of the row"
    assert choices_of(first.link) == {
        "judge": "2",
        "says": "1",
        "other": "1",
        "other_says": "1",
    }
    unusable = rows[0].cells[-1]
    assert unusable.detail == "reference: step 1; judge: no usable answer; 25 % of the row"
    assert choices_of(unusable.link)["says"] == "unusable"
    empty = rows[0].cells[1]
    assert (empty.text, empty.shade, empty.link) == ("", 0, "")


def test_a_confusion_matrix_of_nothing_has_no_rows() -> None:
    assert confusion_rows(confusion([]), links_of(None), 2) == []
    assert [len(confusion_heads()), confusion_heads()[-1]] == [10, "no usable answer"]


def test_breakdowns_without_parts_have_no_table() -> None:
    assert part_tables(report_of(), links_of(None), 2) == []


def test_each_kind_of_part_links_to_its_traces() -> None:
    generator = make_trace(generator=HOSTILE).generator
    report = report_of(
        position=["no error"],
        length=["31 or more"],
        type=[HOSTILE],
        subset=["bench", HOSTILE],
        generator=[str(generator.pk)],
    )
    tables = part_tables(report, links_of(Dataset(name="bench")), 2)
    assert [table.title for table in tables] == list(BREAKDOWNS.values())
    shared = {"judge": "2", "other": "1"}
    links = [choices_of(row.link) for table in tables for row in table.rows]
    assert links == [
        shared | {"other_says": "none"},
        shared | {"other_says": "usable", "fewest": "31"},
        shared | {"other_error_type": HOSTILE},
        shared | {"other_says": "usable", "subset": HOSTILE},
        shared | {"other_says": "usable"},
        shared | {"other_says": "usable", "generator": str(generator.pk)},
    ]
    (row,) = tables[-1].rows
    assert (row.name, row.value, row.f1, row.interval) == (HOSTILE, "100.0", "–", "")
    assert choices_of(row.wrong_link)["finding"] == "disagree"


def test_over_several_datasets_parts_have_no_links() -> None:
    (table,) = part_tables(report_of(subset=["a / s"]), links_of(None), 2)
    assert not table.is_linked
