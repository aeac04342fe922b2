"""What models said: who may see it, when they first did, and what they had decided before."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from annotations.models import Lease, Queue
from traces.models import Judge, Trace, Verdict
from traces.reading import verdicts_to_read


def model_verdicts(trace: Trace) -> QuerySet[Verdict]:
    """What models said of the trace. Reference labels and other people's are never shown here."""
    return verdicts_to_read(trace).filter(judge__kind=Judge.Kind.MODEL)


def sees_models(lease: Lease) -> bool:
    """Whether the person may see it now: by the queue, their lot, and their reveal."""
    if lease.is_blind:
        return False
    if lease.queue.opinions == Queue.Opinions.UNTIL_DECIDED:
        return lease.shown_at is not None
    return lease.queue.opinions == Queue.Opinions.SHOWN


def may_reveal(lease: Lease) -> bool:
    """Whether a decision would let the person see it."""
    until_decided = lease.queue.opinions == Queue.Opinions.UNTIL_DECIDED
    return until_decided and not lease.is_blind and lease.shown_at is None


def opened(lease: Lease) -> None:
    """The page is in front of the person: what it shows from the start counts as seen."""
    if lease.shown_at is None and sees_models(lease):
        _mark(lease)


def reveal(lease: Lease) -> None:
    """The person has decided, and is shown what models said."""
    if may_reveal(lease):
        _mark(lease)


def what_was_seen(lease: Lease) -> dict[str, Any]:
    """For the verdict: the judges seen, and whether before the person had decided."""
    seen = lease.shown_at is not None and not lease.is_blind
    judges = model_verdicts(lease.item.trace).values_list("judge_id", flat=True) if seen else []
    return {
        "shown_judges": list(judges),
        "shown_before": lease.queue.opinions == Queue.Opinions.SHOWN,
    }


def _mark(lease: Lease) -> None:
    now = timezone.now()
    # Once: two windows at the same time leave the first moment.
    Lease.objects.filter(pk=lease.pk, shown_at=None).update(shown_at=now)
    lease.shown_at = now
