"""Withdrawal of people's verdicts."""

import pytest

from exports.curation.rule import Rule
from exports.lineage.withdrawal import WithdrawalRefused, find_impact, withdraw
from tests.exports.exported import make_export, rows_of
from tests.factories import (
    label,
    make_dataset,
    make_trace,
    make_user,
    make_verdict,
)
from traces.models import Judge, Verdict

pytestmark = pytest.mark.django_db(transaction=True)


def make_person(name: str = "") -> Judge:
    user = make_user(name)
    return Judge.objects.create(kind="human", name=user.username, user=user)


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
