"""Ending a lease: with a review, or with a reason why there is none."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotations.consensus import resolve
from annotations.counters import count
from annotations.deadlocks import outlasting_deadlocks
from annotations.errors import DraftConflict, LeaseLost, QueueClosed, ReviewWithdrawn
from annotations.event_log import log
from annotations.gold import items
from annotations.gold.items import Feedback
from annotations.leases.lifecycle import check_open, keep_or_take_up, lock_lease, start_clock
from annotations.models import Draft, Event, Item, Lease, Queue, QueueMember, Submission
from annotations.review.drafts import draft_of
from annotations.review.verdicts import Provenance, Review, ReviewConflict, submit_review
from traces.models import Verdict

State = Lease.State
# A postponed item comes back after this, or when nothing else is left.
POSTPONED_FOR = timedelta(hours=1)
# The reasons for which a lease ends without a review.
REASONS = {
    "skip": State.SKIPPED,
    "postpone": State.POSTPONED,
    "give_up": State.GAVE_UP,
    "bad_problem": State.BAD_PROBLEM,
    "unsure": State.UNSURE,
}
# Of these, what the person can have back: a postponed one comes back by itself.
ENDED = {*REASONS.values()} - {State.POSTPONED}


@dataclass(frozen=True, slots=True)
class Outcome:
    """An accepted submit. `gold` is what to tell a person at once, where the queue tells."""

    lease: Lease
    verdict: Verdict
    gold: Feedback | None = None


@outlasting_deadlocks
def submit(lease_id: int, user: User, review: Review, *, key: uuid.UUID, version: int) -> Outcome:
    """Write the review and end the lease. The same key again is the same submit.

    `version` is that of the draft that the page sends. Raises DraftConflict where a newer one was
    saved, ReviewConflict where the item was submitted from another window, LeaseLost where others
    have done it meanwhile; nothing is written then and the draft stays.
    """
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        before = Submission.objects.filter(key=key).select_related("verdict").first()
        if before:
            return _outcome(_own(before.lease_id, lease), before.verdict)
        if lease.state == State.SUBMITTED:
            raise ReviewConflict(_said(lease, user))
        keep_or_take_up(lease, member)
        lease.item = _lock_item(lease)
        _check_draft(lease, user, version)
        return _accept(lease, member, review, key, first=True)


@outlasting_deadlocks
def revise(lease_id: int, user: User, review: Review, *, key: uuid.UUID, based_on: int) -> Outcome:
    """Change a submitted review: a new revision after `based_on`; the consensus follows.

    Raises ReviewConflict where another revision came in between, LeaseLost where there is none,
    QueueClosed, ReviewWithdrawn.
    """
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        before = Submission.objects.filter(key=key).select_related("verdict").first()
        if before:
            return _outcome(_own(before.lease_id, lease), before.verdict)
        if lease.state != State.SUBMITTED:
            raise LeaseLost("you have not submitted it")
        if lease.queue.status == Queue.Status.CLOSED:
            raise QueueClosed
        said = _said(lease, user)
        if said.withdrawn_at:
            raise ReviewWithdrawn
        if said.revision != based_on:
            raise ReviewConflict(said)
        lease.item = _lock_item(lease)
        return _accept(lease, member, review, key, first=False)


@outlasting_deadlocks
def finish(lease_id: int, user: User, reason: str, note: str = "") -> Lease:
    """End the lease without a review: skip, postpone, give_up, bad_problem or unsure.

    The slot goes back. A skip goes to somebody else; a postponed item comes back to the person; an
    item that enough people call a bad problem, give up or are unsure of leaves the line.
    """
    state = REASONS[reason]
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        if lease.state == state:
            return lease
        keep_or_take_up(lease, member)
        item = lease.item = _lock_item(lease)
        if lease.slot is not None:
            item.free_slots = [*item.free_slots, lease.slot]
        now = timezone.now()
        lease.slot, lease.state, lease.ended_at, lease.note = None, state, now, note
        lease.due_at = now + POSTPONED_FOR if state == State.POSTPONED else None
        lease.is_ahead = False
        lease.save()
        log(lease.queue, Event.Kind.FINISHED, item=item, user=user, reason=reason, lease=lease.pk)
        _count_reason(item, state, by=user)
        if item.is_gold and state != State.POSTPONED:
            items.judge(lease, item, member, None)
    return lease


@outlasting_deadlocks
def take_back(lease_id: int, user: User) -> Lease:
    """Undo an ending without a review: the item is the person's again, and the reason uncounted.

    Raises LeaseLost where it was given to somebody else, or has left the line.
    """
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        if lease.state not in ENDED:
            return lease
        check_open(lease.queue, member)
        item = lease.item = _lock_item(lease)
        if not item.is_gold and item.status != Item.Status.OPEN:
            raise LeaseLost("it has left the line since")
        if not item.is_gold and not item.free_slots:
            raise LeaseLost
        item.bad_problems -= lease.state == State.BAD_PROBLEM
        item.give_ups -= lease.state in {State.GAVE_UP, State.UNSURE}
        if not item.is_gold:
            lease.slot, *item.free_slots = item.free_slots
        item.save()
        lease.state, lease.ended_at, lease.gold_correct = State.HELD, None, None
        start_clock(lease)
        lease.save()
        log(lease.queue, Event.Kind.GRANTED, item=item, user=user, lease=lease.pk, taken_back=True)
    return lease


def _accept(
    lease: Lease, member: QueueMember, review: Review, key: uuid.UUID, *, first: bool
) -> Outcome:
    user, item = member.user, lease.item
    verdict = submit_review(
        item.trace,
        user,
        review,
        based_on=None,
        provenance=Provenance(item.queue_id, item.inclusion_probability),
    )
    lease.verdict, lease.state, lease.is_ahead = verdict, State.SUBMITTED, False
    if first:
        lease.ended_at = timezone.now()
        item.answers += 1
        member.answers += 1
        member.save(update_fields=["answers"])
    Draft.objects.filter(item=item, user=user).delete()
    lease.save()
    Submission.objects.create(key=key, lease=lease, verdict=verdict)
    kind = Event.Kind.SUBMITTED if first else Event.Kind.REVISED
    log(
        item.queue,
        kind,
        item=item,
        user=user,
        lease=lease.pk,
        verdict=verdict.pk,
        label=review.earliest_error,
        seconds=review.seconds_spent,
    )
    if item.is_gold and first:
        items.judge(lease, item, member, review.earliest_error)
    resolve.settle(item, by=user)
    if first and not item.is_gold:
        count(item.queue, user.pk, answers=1)
    return _outcome(lease, verdict)


def _lock_item(lease: Lease) -> Item:
    item = Item.objects.select_for_update(of=["self"]).select_related("trace").get(pk=lease.item_id)
    item.queue = lease.queue
    return item


def _check_draft(lease: Lease, user: User, version: int) -> None:
    draft = draft_of(lease.item, user)
    if draft and draft.version > version:
        raise DraftConflict(draft.content, draft.version)


def _said(lease: Lease, user: User) -> Verdict:
    return lease.verdict or Verdict.objects.current().get(
        trace__items=lease.item_id, judge__user=user
    )


def _own(submitted: int, lease: Lease) -> Lease:
    if submitted != lease.pk:
        raise LeaseLost("that submit was of another item")
    return lease


def _outcome(lease: Lease, verdict: Verdict) -> Outcome:
    return Outcome(lease, verdict, items.feedback(lease))


def _count_reason(item: Item, state: str, *, by: User) -> None:
    """Count the reason; enough of them take the item out of the line."""
    queue = item.queue
    item.bad_problems += state == State.BAD_PROBLEM
    item.give_ups += state in {State.GAVE_UP, State.UNSURE}
    if item.is_gold or item.status != Item.Status.OPEN:
        item.save()
    elif item.bad_problems >= queue.bad_problem_limit:
        resolve.move(item, Item.Status.BAD_PROBLEM, by=by)
    elif item.give_ups >= queue.give_up_limit:
        left = queue.unresolved == queue.Unresolved.DISCARD
        resolve.move(
            item, Item.Status.DISCARDED if left else Item.Status.DISPUTED, by=by, reason="given up"
        )
    else:
        item.save()
