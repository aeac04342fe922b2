"""Reveal of the models' verdicts: who may see them, when, and the decision made before."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.activity import log_event
from annotations.models import Event, Lease, Queue
from traces.datasets.trace_page import verdicts_to_read
from traces.models import Judge, Trace, Verdict


def model_verdicts(trace: Trace) -> QuerySet[Verdict]:
    """Return the models' verdicts on the trace, never dataset labels or other people's verdicts."""
    return verdicts_to_read(trace).filter(judge__kind=Judge.Kind.MODEL)


def sees_models(lease: Lease) -> bool:
    """Return whether the person sees the models' verdicts now.

    That follows from the queue's setting, the blinding drawn for the lease, and their reveal.
    """
    if lease.is_blind:
        return False
    if lease.queue.opinions == Queue.Opinions.UNTIL_DECIDED:
        return lease.shown_at is not None
    return lease.queue.opinions == Queue.Opinions.SHOWN


def may_reveal(lease: Lease) -> bool:
    """Return whether a decision would let the person see the models' verdicts."""
    until_decided = lease.queue.opinions == Queue.Opinions.UNTIL_DECIDED
    return until_decided and not lease.is_blind and lease.shown_at is None


def mark_opened(lease: Lease, user: User) -> None:
    """Note that the person opened the page: verdicts that it shows from the start are seen."""
    if not lease.was_opened:  # by its address, while another item is held
        lease.opened_at = timezone.now()
        lease.save(update_fields=["opened_at"])
    if lease.shown_at is None and sees_models(lease):
        _mark_shown(lease, user)


def reveal(lease: Lease, user: User, label: int) -> None:
    """Show the models' verdicts to a person who has decided for `label`.

    The log keeps both labels: `annotations.members.anchoring` counts who follows the models.
    """
    if may_reveal(lease):
        labels = model_verdicts(lease.item.trace).exclude(earliest_error=None)
        models = {
            label for label in labels.values_list("earliest_error", flat=True) if label is not None
        }
        _mark_shown(lease, user, label=label, models=sorted(models))


def shown_to_reviewer(lease: Lease) -> dict[str, Any]:
    """Return the judges whose verdicts the person saw, and whether before their decision."""
    seen = lease.shown_at is not None and not lease.is_blind
    judges = model_verdicts(lease.item.trace).values_list("judge_id", flat=True) if seen else []
    return {
        "shown_judges": list(judges),
        "shown_before": lease.queue.opinions == Queue.Opinions.SHOWN,
    }


def _mark_shown(lease: Lease, user: User, **details: Any) -> None:
    now = timezone.now()
    with transaction.atomic():
        # Conditional: of two windows at the same time the first sets the time.
        if Lease.objects.filter(pk=lease.pk, shown_at=None).update(shown_at=now):
            shown = {"lease": lease.pk, **details}
            log_event(lease.queue, Event.Kind.SHOWN, item=lease.item, user=user, **shown)
    lease.shown_at = now
