"""Adjudication of disputes: anonymous answers side by side, then a decision with a reason."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.activity import log_event
from annotations.consensus import resolve
from annotations.errors import ReviewRefused
from annotations.models import Decision, Event, Item, Lease, Queue
from annotations.permissions import Role, has_role, role_in
from traces.models import Verdict

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class NotAReviewer(ReviewRefused):
    """The person is no reviewer of the queue."""

    def __init__(self) -> None:
        super().__init__("Only reviewers and leads of this queue can settle disputes.")


@dataclass(frozen=True, slots=True)
class Side:
    """One person's answer in a dispute, under a letter that does not identify them."""

    letter: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Ruling:
    """A reviewer's ruling. `label` is 0-based, -1 for no error."""

    label: int
    reason: str
    error_type: str = ""
    correction: str = ""


def disputes(queue: Queue) -> QuerySet[Item]:
    """Return the disputed items of the queue, oldest first."""
    return Item.objects.filter(queue=queue, status=Item.Status.DISPUTED).order_by("pk")


def disputes_for(queue: Queue, user: User) -> QuerySet[Item]:
    """Return the disputed items that the person may decide: for a reviewer, not their own."""
    if has_role(role_in(queue, user), Role.LEAD):
        return disputes(queue)
    answered_by = Lease.objects.filter(annotator=user, queue=queue, state=Lease.State.SUBMITTED)
    return disputes(queue).exclude(pk__in=answered_by.values("item"))


def current_decision(item: Item) -> Decision | None:
    """Return the latest decision; a signature is one without a reason."""
    decisions = item.decisions.exclude(reason="").select_related("user")
    return decisions.order_by("-decided_at").first()


def sides(item: Item) -> list[Side]:
    """Return the answers in a stable order that reveals nobody."""
    shuffled = sorted(resolve.verdicts_on(item), key=lambda v: _shuffle_key(item.pk, v.judge_id))
    return [Side(letter, verdict) for letter, verdict in zip(_LETTERS, shuffled, strict=False)]


def notes(item: Item) -> list[tuple[str, str]]:
    """Return a (state, note) pair for each person who found it too hard, unsure or bad."""
    states = [Lease.State.GAVE_UP, Lease.State.UNSURE, Lease.State.BAD_PROBLEM]
    leases = Lease.objects.filter(item=item, state__in=states).order_by("ended_at")
    return [(lease.get_state_display(), lease.note) for lease in leases]


def steps_at_issue(verdicts: Sequence[Verdict]) -> list[int]:
    """Return the steps that a verdict names as the first wrong one, in order."""
    labels = {v.earliest_error for v in verdicts if v.earliest_error is not None}
    return sorted(label for label in labels if label >= 0)


def decide(item_id: int, user: User, ruling: Ruling) -> Verdict:
    """Settle the item by the ruling. Return the consensus verdict.

    A later ruling replaces an earlier one, which stays on record; the same label from a second
    person is a signature. Raises ReviewRefused for a person who may not decide, for a missing
    reason, and for a label that the trace can't have.
    """
    with transaction.atomic():
        item = _lock(item_id, user)
        if not ruling.reason.strip():
            raise ReviewRefused("Give a reason. It is stored with the label.")
        if not -1 <= ruling.label < item.trace.step_count:
            raise ReviewRefused(f"This trace has no step {ruling.label + 1}.")
        if item.status not in {Item.Status.DISPUTED, Item.Status.SETTLED}:
            raise ReviewRefused("This item isn't in dispute.")
        Decision.objects.update_or_create(
            item=item,
            user=user,
            defaults={
                "label": ruling.label,
                "reason": ruling.reason,
                "decided_at": timezone.now(),
            },
        )
        verdict = resolve.record_consensus(
            item,
            ruling.label,
            resolve.verdicts_on(item),
            origin=Verdict.Origin.ADJUDICATION,
            reason=ruling.reason,
            error_type=ruling.error_type,
            correction=ruling.correction,
        )
        item.free_slots = []
        log_event(item.queue, Event.Kind.DECIDED, item=item, user=user, label=ruling.label)
        resolve.set_status(item, Item.Status.SETTLED, by=user, label=ruling.label)
    return verdict


def sign(item_id: int, user: User) -> Decision:
    """Sign the current decision. Return the signature. Raises ReviewRefused without one to sign."""
    with transaction.atomic():
        item = _lock(item_id, user)
        current = current_decision(item)
        if current is None or item.status != Item.Status.SETTLED:
            raise ReviewRefused("This item has no decision to sign.")
        if current.user_id == user.pk:
            raise ReviewRefused("You made this decision. Somebody else has to sign it.")
        signed, _ = Decision.objects.update_or_create(
            item=item, user=user, defaults={"label": current.label, "reason": ""}
        )
        log_event(item.queue, Event.Kind.SIGNED, item=item, user=user, label=current.label)
    return signed


def dismiss(item_id: int, user: User, status: str, *, reason: str) -> Item:
    """Remove the item from the queue as `discarded` or `bad_problem` instead of deciding it."""
    if status not in {Item.Status.DISCARDED, Item.Status.BAD_PROBLEM}:
        raise ReviewRefused("An item can only be removed as discarded or as a bad problem.")
    if not reason.strip():
        raise ReviewRefused("Give a reason. It is stored in the event log.")
    with transaction.atomic():
        item = _lock(item_id, user)
        resolve.withdraw_consensus(item)
        item.free_slots = []
        resolve.set_status(item, status, by=user, reason=reason)
    return item


def _lock(item_id: int, user: User) -> Item:
    item = (
        Item.objects.select_for_update(of=["self"])
        .select_related("queue__dataset", "queue__judge", "trace")
        .get(pk=item_id)
    )
    role = role_in(item.queue, user)
    if not has_role(role, Role.REVIEWER):
        raise NotAReviewer
    took_part = item.leases.filter(annotator=user, state=Lease.State.SUBMITTED).exists()
    if took_part and not has_role(role, Role.LEAD):
        raise ReviewRefused("You reviewed this item yourself. Somebody else has to decide it.")
    return item


def _shuffle_key(item_id: int, judge_id: int) -> bytes:
    return hashlib.blake2b(f"{item_id}:{judge_id}".encode()).digest()
