"""From rows to verdicts, from verdicts to exports, and withdrawing."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse

from exports.curation.rule import Rule
from exports.lineage import index
from exports.lineage.index import exports_with, record_contents, row_lineage
from exports.lineage.withdrawal import WithdrawalRefused, find_impact, withdraw
from exports.models import Export, HeldIds
from exports.storage.export_store import folder_of
from tests.exports.exported import make_export, rows_of
from tests.factories import (
    label,
    make_dataset,
    make_scorer,
    make_trace,
    make_user,
    make_verdict,
)
from traces.models import Judge, Verdict
from training.models import TrainingRun

pytestmark = pytest.mark.django_db(transaction=True)


def make_person(name: str = "") -> Judge:
    user = make_user(name)
    return Judge.objects.create(kind="human", name=user.username, user=user)


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


def test_withdrawing_an_annotator_lists_what_it_touches_and_counts_no_more():
    dataset = make_dataset()
    lead, person, other = make_user(role="lead"), make_person(), make_person()
    trace, disputed = make_trace(dataset), make_trace(dataset)
    own = make_verdict(trace, person, 0)
    make_verdict(disputed, person, 0)
    make_verdict(disputed, other, 1)
    consensus = Judge.objects.create(kind="consensus", name="queue")
    make_verdict(trace, consensus, 0)
    export = make_export(dataset, "processbench", Rule(labels=("human",)))
    assert [row["label"] for row in rows_of(export)] == [0]

    mine = Verdict.objects.filter(judge=person)
    touched = find_impact(mine)
    assert (touched.verdicts, touched.consensus) == (2, 1)
    assert [verdict.trace for verdict in touched.first] == [trace]
    assert [(h.export, h.verdicts) for h in touched.holders] == [(export, 1)]
    assert touched.by_consensus == []
    settled = make_export(dataset, "processbench")
    assert [h.export for h in find_impact(mine).by_consensus] == [settled]
    withdraw(mine, withdrawn_by=lead)
    own.refresh_from_db()
    assert own.withdrawn_at is not None
    assert not own.is_current
    # Where two differed, the one who is left agrees with himself.
    rows = rows_of(make_export(dataset, "processbench", Rule(labels=("human",))))
    assert [(row["id"], row["label"]) for row in rows] == [(disputed.external_id, 1)]
    assert withdraw(mine, withdrawn_by=lead).verdicts == 0
    assert find_impact(mine).holders[0].export == export


def test_only_peoples_verdicts_are_withdrawn():
    verdict = label(make_trace(), 0)
    with pytest.raises(WithdrawalRefused, match="import again"):
        withdraw(Verdict.objects.filter(pk=verdict.pk), withdrawn_by=make_user(role="lead"))
    verdict.refresh_from_db()
    assert verdict.is_current


def test_the_pages_lead_both_ways_and_withdraw(client: Client):
    client.force_login(make_user(role="lead"))
    dataset, person = make_dataset(), make_person()
    verdict = make_verdict(make_trace(dataset), person, 1)
    export = make_export(dataset, "processbench")
    run = TrainingRun.objects.create(export=export, job="prm", scorer=make_scorer("made-of-it"))

    row = client.get(reverse("exports:export-row", args=[export.pk]), {"split": "train", "row": 0})
    assert reverse("exports:verdict-detail", args=[verdict.pk]) in row.content.decode()
    for place in ({"split": "train", "row": 1}, {"split": "x", "row": 0}, {}):
        answer = client.get(reverse("exports:export-row", args=[export.pk]), place)
        assert answer.status_code == 404

    page = client.get(reverse("exports:verdict-detail", args=[verdict.pk])).content.decode()
    assert reverse("exports:export-detail", args=[export.pk]) in page
    assert reverse("training:run-detail", args=[run.pk]) in page
    assert "(scorer made-of-it)" in page

    for name, pk in (("verdict-withdraw", verdict.pk), ("judge-withdraw", person.pk)):
        path = reverse(f"exports:{name}", args=[pk])
        assert (
            reverse("exports:export-detail", args=[export.pk]) in client.get(path).content.decode()
        )
        Verdict.objects.filter(pk=verdict.pk).update(is_current=True, withdrawn_at=None)
        assert client.post(path).status_code == 302
        verdict.refresh_from_db()
        assert verdict.withdrawn_at is not None
    consensus = Judge.objects.create(kind="consensus", name="queue")
    make_verdict(verdict.trace, consensus, 1)
    settled = make_export(dataset, "processbench", Rule(labels=("consensus",)))
    for name in ("verdict-detail", "verdict-withdraw"):
        shown = client.get(reverse(f"exports:{name}", args=[verdict.pk])).content.decode()
        assert reverse("exports:export-detail", args=[settled.pk]) in shown
    reference = label(make_trace(dataset), 0)
    path = reverse("exports:verdict-withdraw", args=[reference.pk])
    assert "import again" in client.post(path, follow=True).content.decode()
