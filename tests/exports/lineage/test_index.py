"""From rows to verdicts, from verdicts to exports, and withdrawing."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from exports.curation.rule import Rule
from exports.lineage import index
from exports.lineage.index import exports_with, record_contents, row_lineage
from exports.models import Export, HeldIds
from exports.storage.export_store import folder_of
from tests.exports.exported import make_export, rows_of
from tests.factories import (
    label,
    make_dataset,
    make_trace,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_row_leads_to_the_verdicts_that_it_rests_on():
    dataset = make_dataset()
    pairs = []
    for number in range(5):
        problem = f"problem {number}"
        right, wrong = (make_trace(dataset, problem=problem, steps=[s]) for s in ("a", "b"))
        pairs.append((label(right, -1), label(wrong, 0)))
    export = make_export(dataset, "dpo", layout={"rows_per_file": 2})
    rows = rows_of(export)
    for place, (row, verdicts) in enumerate(zip(rows, pairs, strict=True)):
        found = row_lineage(export, "train", place)
        assert found.trace_ids == [row["chosen_trace_id"], row["rejected_trace_id"]]
        assert found.verdict_ids == [verdict.pk for verdict in verdicts]
        assert found.problem_id == verdicts[0].trace.problem_id
    assert row_lineage(export, "train", 5) is None
    assert row_lineage(export, "train", -1) is None
    assert row_lineage(export, "test", 0) is None
    table = pq.read_table(folder_of(export) / "lineage" / "train.parquet")
    assert table["row"].to_pylist() == list(range(5))


def test_a_verdict_leads_to_the_exports_that_hold_it():
    dataset = make_dataset()
    verdicts = [label(make_trace(dataset), error) for error in (-1, 0, -1)]
    everything = make_export(dataset, "processbench")
    wrong = make_export(dataset, "processbench", Rule(finding="wrong"))
    kind = HeldIds.Kind.VERDICT
    assert exports_with(kind, [verdicts[1].pk]) == {everything.pk: 1, wrong.pk: 1}
    assert exports_with(kind, [v.pk for v in verdicts]) == {everything.pk: 3, wrong.pk: 1}
    assert exports_with(kind, [verdicts[0].pk]) == {everything.pk: 1}
    traces = [verdict.trace_id for verdict in verdicts]
    assert exports_with(HeldIds.Kind.TRACE, traces) == {everything.pk: 3, wrong.pk: 1}
    assert exports_with(kind, []) == {}
    Export.objects.filter(pk=wrong.pk).update(status="failed")
    assert exports_with(kind, [verdicts[1].pk]) == {everything.pk: 1}


def test_what_is_chosen_and_makes_no_row_is_not_held():
    dataset = make_dataset()
    alone = label(make_trace(dataset), -1)
    make_export(dataset, "dpo")
    assert exports_with(HeldIds.Kind.VERDICT, [alone.pk]) == {}


def test_ids_are_held_in_pieces(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index, "PIECE", 3)
    export = Export.objects.create(dataset=make_dataset(), recipe="prm", status="finished")
    record_contents(export, HeldIds.Kind.TRACE, np.array([1, 3, 5, 7, 9, 20]))
    pieces = HeldIds.objects.filter(export=export).order_by("first")
    assert [piece.ids for piece in pieces] == [[1, 3, 5], [7, 9, 20]]
    held = [n for n in range(25) if exports_with(HeldIds.Kind.TRACE, [n])]
    assert held == [1, 3, 5, 7, 9, 20]
    record_contents(export, HeldIds.Kind.TRACE, np.array([2]))
    assert [piece.ids for piece in HeldIds.objects.filter(export=export)] == [[2]]
