"""What models said: who may see it, when they first did, and what they had decided before."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.event_log import log
from annotations.models import Event, Lease, Queue
from traces.datasets.trace_page import verdicts_to_read
from traces.models import Judge, Trace, Verdict


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


def opened(lease: Lease, user: User) -> None:
    """The page is in front of the person: what it shows from the start counts as seen."""
    if not lease.was_opened:  # by its address, while another is at hand
        lease.opened_at = timezone.now()
        lease.save(update_fields=["opened_at"])
    if lease.shown_at is None and sees_models(lease):
        _mark(lease, user)


def reveal(lease: Lease, user: User, label: int) -> None:
    """The person has decided for `label`, and is shown what models said.

    Both are kept: `annotations.members.anchoring` counts who follows the models.
    """
    if may_reveal(lease):
        labels = model_verdicts(lease.item.trace).exclude(earliest_error=None)
        said = set(labels.values_list("earliest_error", flat=True))
        _mark(lease, user, label=label, models=sorted(said))


def what_was_seen(lease: Lease) -> dict[str, Any]:
    """For the verdict: the judges seen, and whether before the person had decided."""
    seen = lease.shown_at is not None and not lease.is_blind
    judges = model_verdicts(lease.item.trace).values_list("judge_id", flat=True) if seen else []
    return {
        "shown_judges": list(judges),
        "shown_before": lease.queue.opinions == Queue.Opinions.SHOWN,
    }


def _mark(lease: Lease, user: User, **details: Any) -> None:
    now = timezone.now()
    with transaction.atomic():
        # Once: two windows at the same time leave the first moment.
        if Lease.objects.filter(pk=lease.pk, shown_at=None).update(shown_at=now):
            shown = {"lease": lease.pk, **details}
            log(lease.queue, Event.Kind.SHOWN, item=lease.item, user=user, **shown)
    lease.shown_at = now
