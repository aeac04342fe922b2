"""The end of a lease without a review: skipped, postponed, unsure, given up; and its undo."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotations.activity import log_event
from annotations.consensus import resolve
from annotations.errors import LeaseLost
from annotations.gold import items as gold_items
from annotations.leases.lifecycle import (
    check_open,
    keep_or_resume,
    lock_item,
    lock_lease,
    start_clock,
)
from annotations.models import Event, Item, Lease
from database.retry import retry_on_deadlock

State = Lease.State
# A postponed item is assigned again after this, or when nothing else is left.
POSTPONED_FOR = timedelta(hours=1)
_UNDO = "Undo (u)"


@dataclass(frozen=True, slots=True)
class SkipReason:
    """A reason to end an item without a review, as the review page offers it."""

    name: str
    state: Lease.State
    key: str
    label: str
    notice: str  # shown once it is done


SKIP_REASONS = [
    SkipReason("skip", State.SKIPPED, "s", "Skip", f"Skipped. {_UNDO}"),
    SkipReason(
        "postpone", State.POSTPONED, "p", "Postpone", "Postponed. You'll see it again later."
    ),
    SkipReason("unsure", State.UNSURE, "d", "Unsure", f"Marked as unsure. {_UNDO}"),
    SkipReason("give_up", State.GAVE_UP, "g", "Too hard", f"Marked as too hard. {_UNDO}"),
    SkipReason(
        "bad_problem",
        State.BAD_PROBLEM,
        "b",
        "Report bad problem",
        f"Reported as a bad problem. {_UNDO}",
    ),
]
STATES = {reason.name: reason.state for reason in SKIP_REASONS}
# The states that the person can undo; a postponed item comes back by itself.
UNDOABLE = {*STATES.values()} - {State.POSTPONED}


@retry_on_deadlock
def skip(lease_id: int, user: User, reason: str, note: str = "") -> Lease:
    """End the lease without a review, for one of the reasons in SKIP_REASONS.

    The slot becomes free. A skipped item goes to somebody else; a postponed one comes back to the
    person; an item that enough people call a bad problem, too hard or unsure leaves the queue.
    """
    state = STATES[reason]
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        if lease.state == state:
            return lease
        keep_or_resume(lease, member)
        item = lease.item = lock_item(lease)
        if lease.slot is not None:
            item.free_slots = [*item.free_slots, lease.slot]
        now = timezone.now()
        lease.slot, lease.state, lease.ended_at, lease.note = None, state, now, note
        lease.due_at = now + POSTPONED_FOR if state == State.POSTPONED else None
        lease.is_ahead = False
        lease.save()
        kind = Event.Kind.FINISHED
        log_event(lease.queue, kind, item=item, user=user, reason=reason, lease=lease.pk)
        _count_reason(item, state, by=user)
        if item.is_gold and state != State.POSTPONED:
            gold_items.grade(lease, item, member, None)
    return lease


@retry_on_deadlock
def undo_skip(lease_id: int, user: User) -> Lease:
    """Give the person the item again, and take their reason from its counts.

    Raises LeaseLost when it was assigned to somebody else or has left the queue.
    """
    with transaction.atomic():
        lease, member = lock_lease(lease_id, user)
        if lease.state not in UNDOABLE:
            return lease
        check_open(lease.queue, member)
        item = lease.item = lock_item(lease)
        if not item.is_gold and item.status != Item.Status.OPEN:
            raise LeaseLost("it was removed from the queue")
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
        kind = Event.Kind.GRANTED
        log_event(lease.queue, kind, item=item, user=user, lease=lease.pk, taken_back=True)
    return lease


def _count_reason(item: Item, state: str, *, by: User) -> None:
    """Count the reason on the item, and close the item when its queue's limit is reached."""
    queue = item.queue
    item.bad_problems += state == State.BAD_PROBLEM
    item.give_ups += state in {State.GAVE_UP, State.UNSURE}
    if item.is_gold or item.status != Item.Status.OPEN:
        item.save()
    elif item.bad_problems >= queue.bad_problem_limit:
        resolve.set_status(item, Item.Status.BAD_PROBLEM, by=by)
    elif item.give_ups >= queue.give_up_limit:
        resolve.set_status(item, resolve.unresolved_status(queue), by=by, reason="too hard")
    else:
        item.save()
