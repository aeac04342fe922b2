"""Withdrawing people's verdicts: they no longer count, and what holds them is named.

Nothing that was exported changes: an export is a snapshot. A consensus that rests on a withdrawn
verdict is named too; its queue settles it anew by itself.
"""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from exports.lineage.index import exports_with
from exports.models import Export, HeldIds
from traces.models import Judge, Verdict

logger = logging.getLogger(__name__)

LISTED = 20


class WithdrawalRefused(Refused):
    """Verdicts that can't be withdrawn: a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An export that holds some of the verdicts."""

    export: Export
    verdicts: int


@dataclass(frozen=True, slots=True)
class Touched:
    """What withdrawing touches: `verdicts` that would go, the exports that hold them, and those
    that hold a consensus on the same traces, which may rest on them. Of the `consensus` verdicts
    that count now `first` has some, for a list."""

    verdicts: int
    holders: list[Holder]
    by_consensus: list[Holder]
    consensus: int
    first: list[Verdict]


def touched_by(verdicts: QuerySet[Verdict]) -> Touched:
    """What holds or rests on these verdicts, withdrawn before or not."""
    ids = list(verdicts.values_list("pk", flat=True))
    consensus = consensus_beside(verdicts).filter(is_current=True)
    return Touched(
        verdicts=verdicts.filter(withdrawn_at=None).count(),
        holders=holders_of(ids),
        by_consensus=holders_by_consensus(verdicts),
        consensus=consensus.count(),
        first=list(consensus.select_related("trace", "judge").order_by("pk")[:LISTED]),
    )


def consensus_beside(verdicts: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """The consensus on the same traces, as it is and as it was: an export may hold either."""
    return Verdict.objects.filter(
        judge__kind=Judge.Kind.CONSENSUS, trace__in=verdicts.values("trace")
    )


def holders_by_consensus(verdicts: QuerySet[Verdict]) -> list[Holder]:
    """The exports that hold a consensus on the traces of people's verdicts."""
    people = verdicts.filter(judge__kind=Judge.Kind.HUMAN)
    return holders_of(list(consensus_beside(people).values_list("pk", flat=True)))


def holders_of(verdict_ids: list[int]) -> list[Holder]:
    """The exports that hold any of the verdicts, newest first, with their training runs."""
    held = exports_with(HeldIds.Kind.VERDICT, verdict_ids)
    exports = Export.objects.filter(pk__in=held).select_related("dataset")
    exports = exports.prefetch_related("training_runs__scorer").order_by("-pk")
    return [Holder(export, held[export.pk]) for export in exports]


def why_not(verdicts: QuerySet[Verdict]) -> str:
    """Why these verdicts can't be withdrawn; "" where they can."""
    if not verdicts.exclude(judge__kind=Judge.Kind.HUMAN).exists():
        return ""
    return (
        "Only human verdicts can be withdrawn. To replace the verdicts of a scorer, score "
        "again; to replace dataset labels, import again. A consensus follows its verdicts."
    )


def withdraw(verdicts: QuerySet[Verdict], *, withdrawn_by: User) -> Touched:
    """Withdraw the verdicts that are not withdrawn yet, all of one judge's or one alone.

    Raises WithdrawalRefused for verdicts that are no person's.
    """
    refusal = why_not(verdicts)
    if refusal:
        raise WithdrawalRefused(refusal)
    with transaction.atomic():
        touched = touched_by(verdicts)
        verdicts.filter(withdrawn_at=None).update(is_current=False, withdrawn_at=timezone.now())
    logger.info("%s withdrew %s verdicts", withdrawn_by.pk, touched.verdicts)
    return touched
