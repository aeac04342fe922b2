"""What a person writes on an item: drafts while they type, then the review that ends the lease."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotations.activity import increment, log_event
from annotations.consensus import resolve
from annotations.errors import DraftConflict, LeaseLost, QueueClosed, ReviewWithdrawn
from annotations.gold import items as gold_items
from annotations.gold.items import Feedback
from annotations.leases.lifecycle import keep_or_resume, lock_item, lock_lease
from annotations.models import Draft, Event, Item, Lease, Queue, QueueMember, Submission
from annotations.review.verdicts import Provenance, Review, ReviewConflict, save_revision
from database.retry import retry_on_deadlock
from traces.models import Verdict

State = Lease.State
# Held, put aside or lost by time; or submitted, and being changed.
_TAKES_DRAFTS = {State.HELD, *Lease.RETURNING, State.SUBMITTED}


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft's content, and the number of times it was saved."""

    content: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """An accepted submit. `gold` is the feedback to show at once, where the queue gives any."""

    lease: Lease
    verdict: Verdict
    gold: Feedback | None = None


def draft_of(item: Item, user: User) -> SavedDraft | None:
    """Return what the person has typed on the item and not submitted."""
    draft = Draft.objects.filter(item=item, user=user).first()
    return SavedDraft(json.loads(draft.content), draft.version) if draft else None


def save_draft(lease_id: int, user: User, content: dict[str, Any], *, version: int) -> int:
    """Save `content` over the draft of `version` (0 for none yet). Return the new version.

    A draft outlives page, login and lease: it is saved also after the lease has expired. The same
    content again changes nothing. Raises DraftConflict, with the saved draft, when another window
    saved since, and LeaseLost for a lease that the person does not have or has finished.
    """
    text = json.dumps(content)
    with transaction.atomic():
        lease, _ = lock_lease(lease_id, user)
        if lease.state not in _TAKES_DRAFTS:
            raise LeaseLost("you already finished it")
        draft = Draft.objects.select_for_update().filter(item=lease.item_id, user=user).first()
        if draft is None:
            return Draft.objects.create(item_id=lease.item_id, user=user, content=text).version
        if draft.content == text:
            return draft.version
        if draft.version != version:
            raise DraftConflict(json.loads(draft.content), draft.version)
        draft.content = text
        draft.version += 1
        draft.saved_at = timezone.now()
        draft.save(update_fields=["content", "version", "saved_at"])
        return draft.version


@retry_on_deadlock
def complete_lease(
    lease_id: int, user: User, review: Review, *, key: uuid.UUID, version: int
) -> Outcome:
    """Save the review and end the lease. The same key again returns the same outcome.

    `version` is the draft's version on the page. Raises DraftConflict when a newer draft was saved,
    ReviewConflict when the item was submitted from another window, and LeaseLost when others have
    finished it meanwhile; then nothing is written and the draft stays.
    """
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        if earlier := _earlier(key, lease):
            return earlier
        if lease.state == State.SUBMITTED:
            raise ReviewConflict(_current_verdict(lease, user))
        keep_or_resume(lease, member)
        lease.item = lock_item(lease)
        draft = draft_of(lease.item, user)
        if draft and draft.version > version:
            raise DraftConflict(draft.content, draft.version)
        return _accept(lease, member, review, key, is_first=True)


@retry_on_deadlock
def revise(lease_id: int, user: User, review: Review, *, key: uuid.UUID, based_on: int) -> Outcome:
    """Change a submitted review: save the revision after `based_on`. The consensus follows.

    Raises ReviewConflict when another revision was saved in between, LeaseLost when there is none,
    QueueClosed and ReviewWithdrawn.
    """
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        if earlier := _earlier(key, lease):
            return earlier
        if lease.state != State.SUBMITTED:
            raise LeaseLost("you haven't submitted it")
        if lease.queue.status == Queue.Status.CLOSED:
            raise QueueClosed
        verdict = _current_verdict(lease, user)
        if verdict.withdrawn_at:
            raise ReviewWithdrawn
        if verdict.revision != based_on:
            raise ReviewConflict(verdict)
        lease.item = lock_item(lease)
        return _accept(lease, member, review, key, is_first=False)


def _accept(
    lease: Lease, member: QueueMember, review: Review, key: uuid.UUID, *, is_first: bool
) -> Outcome:
    user, item = member.user, lease.item
    verdict = save_revision(
        item.trace,
        user,
        review,
        based_on=None,
        provenance=Provenance(item.queue_id, item.inclusion_probability),
    )
    lease.verdict, lease.state, lease.is_ahead = verdict, State.SUBMITTED, False
    if is_first:
        lease.ended_at = timezone.now()
        item.answers += 1
        member.answers += 1
        member.save(update_fields=["answers"])
    Draft.objects.filter(item=item, user=user).delete()
    lease.save()
    Submission.objects.create(key=key, lease=lease, verdict=verdict)
    log_event(
        item.queue,
        Event.Kind.SUBMITTED if is_first else Event.Kind.REVISED,
        item=item,
        user=user,
        lease=lease.pk,
        verdict=verdict.pk,
        label=review.earliest_error,
        seconds=review.seconds_spent,
    )
    _update_item(lease, member, review.earliest_error, is_first=is_first)
    return _outcome(lease, verdict)


def _update_item(lease: Lease, member: QueueMember, label: int, *, is_first: bool) -> None:
    """Grade the answer to a gold item; count any other and resolve the item's consensus."""
    item, user = lease.item, member.user
    if item.is_gold and is_first:
        gold_items.grade(lease, item, member, label)
    resolve.resolve_item(item, by=user)
    if is_first and not item.is_gold:
        increment(item.queue, user.pk, answers=1)


def _earlier(key: uuid.UUID, lease: Lease) -> Outcome | None:
    """Return the outcome of the submit with this key, when there was one."""
    earlier = Submission.objects.filter(key=key).select_related("verdict").first()
    if earlier is None:
        return None
    if earlier.lease_id != lease.pk:
        raise LeaseLost("the submission was for another item")
    return _outcome(lease, earlier.verdict)


def _outcome(lease: Lease, verdict: Verdict) -> Outcome:
    feedback = gold_items.feedback(lease) if lease.gold_correct is not None else None
    return Outcome(lease, verdict, feedback)


def _current_verdict(lease: Lease, user: User) -> Verdict:
    return lease.verdict or Verdict.objects.current().get(
        trace__items=lease.item_id, judge__user=user
    )
