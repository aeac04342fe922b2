"""Withdrawal of people's verdicts: they no longer count, and affected exports are named.

No export changes: it is a snapshot. A consensus that rests on a withdrawn verdict is named too; its
queue resolves it again by itself.
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
    """Verdicts that cannot be withdrawn; the message says why."""


@dataclass(frozen=True, slots=True)
class AffectedExport:
    """An export that holds some of the verdicts."""

    export: Export
    verdicts: int


@dataclass(frozen=True, slots=True)
class WithdrawalImpact:
    """The impact of a withdrawal.

    `verdicts` would go; the exports hold them, or hold a consensus on the same traces, which may
    rest on them. `first` has some of the `consensus` verdicts that count now, for a list.
    """

    verdicts: int
    holders: list[AffectedExport]
    by_consensus: list[AffectedExport]
    consensus: int
    first: list[Verdict]


def find_impact(verdicts: QuerySet[Verdict]) -> WithdrawalImpact:
    """Return what holds or rests on these verdicts, withdrawn before or not."""
    ids = list(verdicts.values_list("pk", flat=True))
    consensus = consensus_on_same_traces(verdicts).filter(is_current=True)
    return WithdrawalImpact(
        verdicts=verdicts.filter(withdrawn_at=None).count(),
        holders=exports_holding(ids),
        by_consensus=exports_holding_consensus(verdicts),
        consensus=consensus.count(),
        first=list(consensus.select_related("trace", "judge").order_by("pk")[:LISTED]),
    )


def consensus_on_same_traces(verdicts: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """Return the consensus on the same traces, current and past: an export may hold either."""
    return Verdict.objects.filter(
        judge__kind=Judge.Kind.CONSENSUS, trace__in=verdicts.values("trace")
    )


def exports_holding_consensus(verdicts: QuerySet[Verdict]) -> list[AffectedExport]:
    """Return the exports that hold a consensus on the traces of people's verdicts."""
    people = verdicts.filter(judge__kind=Judge.Kind.HUMAN)
    return exports_holding(list(consensus_on_same_traces(people).values_list("pk", flat=True)))


def exports_holding(verdict_ids: list[int]) -> list[AffectedExport]:
    """Return the exports that hold any of the verdicts, newest first, with training runs."""
    held = exports_with(HeldIds.Kind.VERDICT, verdict_ids)
    exports = Export.objects.filter(pk__in=held).select_related("dataset")
    exports = exports.prefetch_related("training_runs__scorer").order_by("-pk")
    return [AffectedExport(export, held[export.pk]) for export in exports]


def refusal_reason(verdicts: QuerySet[Verdict]) -> str:
    """Return why these verdicts cannot be withdrawn; "" if they can."""
    if not verdicts.exclude(judge__kind=Judge.Kind.HUMAN).exists():
        return ""
    return (
        "Only human verdicts can be withdrawn. To replace the verdicts of a scorer, score "
        "again; to replace dataset labels, import again. A consensus follows its verdicts."
    )


def withdraw(verdicts: QuerySet[Verdict], *, withdrawn_by: User) -> WithdrawalImpact:
    """Withdraw the verdicts not withdrawn yet: all of one judge's, or one.

    Raises WithdrawalRefused for verdicts that are no person's.
    """
    refusal = refusal_reason(verdicts)
    if refusal:
        raise WithdrawalRefused(refusal)
    with transaction.atomic():
        touched = find_impact(verdicts)
        verdicts.filter(withdrawn_at=None).update(is_current=False, withdrawn_at=timezone.now())
    logger.info("%s withdrew %s verdicts", withdrawn_by.pk, touched.verdicts)
    return touched
