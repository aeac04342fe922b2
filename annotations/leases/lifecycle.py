"""Leases on items: taken, renewed by a heartbeat, released, or expired with their draft kept."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.errors import LeaseLost, MemberPaused, QueueClosed, QueuePaused, ScreeningFailed
from annotations.leases.assignment import (
    AssignmentRequest,
    assign_item,
    assign_next,
    resume,
)
from annotations.models import Item, Lease, Queue, QueueMember
from annotations.permissions import lock_member, lock_member_for_lease
from database.advisory_lock import advisory_lock
from database.retry import retry_on_deadlock
from traces.models import Trace

SCREENING_FAILED = "screening failed"
# Leases ended in one transaction.
BATCH = 1000


def next_lease(queue: Queue, user: User) -> Lease | None:
    """Return the item to work on: the one held, else the one fetched ahead, else a new one.

    Null when the queue has nothing for this person now; `annotations.review.empty_queue` explains
    why. Raises NotAMember, QueuePaused, QueueClosed, MemberPaused and ScreeningFailed.
    """
    lease_id = _hold(queue, user, ahead=False) or _hold_expired(queue, user)
    if lease_id is None:
        return None
    lease = Lease.objects.get(pk=lease_id)
    lease.queue = queue
    return lease


def lease_ahead(queue: Queue, user: User) -> Lease | None:
    """Return a lease on the item after the one worked on; asked again, the same lease.

    It has everything that its page needs. Raises as `next_lease`.
    """
    lease_id = _hold(queue, user, ahead=True)
    return lease_of(lease_id, queue) if lease_id else None


def lease_of(lease_id: int, queue: Queue) -> Lease:
    """Return a lease of this queue with everything that a page needs of its item. One query."""
    lease = Lease.objects.with_item().get(pk=lease_id)
    lease.queue = queue
    return lease


@transaction.atomic
def lease_trace(queue: Queue, user: User, trace: Trace) -> int | None:
    """Return the id of the person's lease on this trace of the queue, assigned when they had none.

    Null when the trace is not in the queue or has no free slot. Raises as `next_lease`.
    """
    member = lock_member(queue, user)
    lease = Lease.objects.of(user).filter(queue=queue, item__trace=trace).first()
    if lease:
        return lease.pk
    check_open(queue, member)
    item = Item.objects.filter(queue=queue, trace=trace).first()
    return assign_item(AssignmentRequest(queue, member), item.pk) if item else None


def lock_lease(lease_id: int, user: User) -> tuple[Lease, QueueMember]:
    """Return the person's own lease and membership, locked in the order that all code keeps.

    Raises LeaseLost when they never had it.
    """
    member = lock_member_for_lease(lease_id, user)
    lease = Lease.objects.of(user).select_for_update().filter(pk=lease_id).first()
    if member is None or lease is None:
        raise LeaseLost("it was never assigned to you")
    lease.queue = member.queue
    return lease, member


def lock_item(lease: Lease) -> Item:
    """Return the item of a locked lease, locked too, with its trace and queue."""
    item = Item.objects.select_for_update(of=["self"]).select_related("trace").get(pk=lease.item_id)
    item.queue = lease.queue
    return item


@transaction.atomic
def hold(lease_id: int, user: User) -> Lease:
    """Return the lease, held: resumed when it expired and nobody else has it. Raises LeaseLost."""
    lease, member = lock_lease(lease_id, user)
    keep_or_resume(lease, member)
    return lease


def keep_or_resume(lease: Lease, member: QueueMember) -> None:
    """Make sure that a locked lease is held. Raises ReviewRefused when it can't be resumed.

    A paused person's lease is not resumed.
    """
    if lease.is_held:
        return
    if lease.queue.status == Queue.Status.CLOSED:
        raise QueueClosed
    if lease.state not in Lease.RETURNING:
        raise LeaseLost("you already finished it")
    _check_not_paused(member)
    request = AssignmentRequest(lease.queue, member)
    if resume(request, early=True, lease_id=lease.pk) is None:
        raise LeaseLost
    lease.refresh_from_db()


def renew(lease_id: int, user: User) -> Lease:
    """Extend this lease and the one fetched ahead of it, as a heartbeat. Raises LeaseLost."""
    lease = hold(lease_id, user)
    start_clock(lease)
    Lease.objects.held().filter(queue=lease.queue, annotator=user).update(
        heartbeat_at=lease.heartbeat_at, expires_at=lease.expires_at
    )
    return lease


def start_clock(lease: Lease) -> None:
    """Start the lease's time at now. The caller saves it."""
    lease.heartbeat_at = timezone.now()
    lease.expires_at = lease.heartbeat_at + timedelta(minutes=lease.queue.lease_minutes)


@retry_on_deadlock
def release(lease_id: int, user: User) -> None:
    """Release an item on leaving its page, its draft kept. A lease not held stays as it is."""
    with transaction.atomic():
        lease, _ = lock_lease(lease_id, user)
        _end([lease.pk], Lease.State.RELEASED)


def release_all(queue: Queue, user: User) -> int:
    """Release everything that the person holds in the queue. Return the number of leases."""
    held = Lease.objects.held().filter(queue=queue, annotator=user)
    with transaction.atomic():
        return _end(list(held.select_for_update().values_list("pk", flat=True)), "released")


def release_queue(queue: Queue, *, check: Callable[[], None] = lambda: None) -> int:
    """Release everything that is held in the queue. Return the number of leases."""
    return _end_all(Lease.objects.filter(queue=queue), Lease.State.RELEASED, check=check)


def expire(*, limit: int = BATCH) -> int:
    """End the leases whose time is over, in batches. Return how many. Runs every minute."""
    due = Lease.objects.filter(expires_at__lt=timezone.now())
    return _end_all(due, Lease.State.EXPIRED, limit=limit)


def _end_all(
    leases: QuerySet[Lease],
    state: str,
    *,
    limit: int = BATCH,
    check: Callable[[], None] = lambda: None,
) -> int:
    held = leases.filter(state=Lease.State.HELD).order_by("expires_at")
    total = 0
    while True:
        check()
        ended = _end_batch(held, state, limit)
        total += ended or 0
        if ended is None or ended < limit:
            return total


@retry_on_deadlock
def _end_batch(held: QuerySet[Lease], state: str, limit: int) -> int | None:
    """Return how many leases were ended, null while another transaction is ending some."""
    with transaction.atomic():
        # Two at once would wait for each other's items.
        if not advisory_lock("annotations.leases.lifecycle", wait=False):
            return None
        rows = held.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit]
        return _end(list(rows), state)


_END = """
WITH ended AS (
    SELECT id, item_id, queue_id, annotator_id, slot FROM annotations_lease
    WHERE id = ANY(%(leases)s) AND state = 'held'
), freed AS (
    SELECT item_id, array_agg(slot ORDER BY slot) AS slots FROM ended
    WHERE slot IS NOT NULL GROUP BY item_id
), returned AS (
    UPDATE annotations_item AS item SET free_slots = item.free_slots || freed.slots
    FROM freed WHERE item.id = freed.item_id
), logged AS (
    INSERT INTO annotations_event (queue_id, kind, item_id, user_id, at, details)
    SELECT queue_id, %(state)s, item_id, annotator_id, now(), jsonb_build_object('lease', id)
    FROM ended
)
UPDATE annotations_lease AS lease
SET state = %(state)s, slot = NULL, ended_at = now()
FROM ended WHERE lease.id = ended.id
"""


def _end(lease_ids: list[int], state: str) -> int:
    """End locked leases and free their items' slots. Return how many were held."""
    if not lease_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_END, {"leases": lease_ids, "state": str(state)})
        return int(cursor.rowcount)


@retry_on_deadlock
def _hold(queue: Queue, user: User, *, ahead: bool) -> int | None:
    """Return the id of the lease that the person holds from now on, null without an item."""
    with transaction.atomic():
        member = lock_member(queue, user)
        check_open(queue, member)
        request = AssignmentRequest(queue, member, ahead)
        return _held(queue, user, ahead=ahead) or assign_next(request)


def _hold_expired(queue: Queue, user: User) -> int | None:
    """Return as `_hold` once more, when expired leases left an item free."""
    return _hold(queue, user, ahead=False) if expire() else None


def _held(queue: Queue, user: User, *, ahead: bool) -> int | None:
    """Return the lease that the person holds already; the one fetched ahead becomes work."""
    leases = Lease.objects.held().filter(queue=queue, annotator=user).order_by("is_ahead", "pk")
    held = list(leases.select_for_update())
    lease = next((lease for lease in held if lease.is_ahead == ahead), None)
    if lease is None and held and not ahead:
        lease = held[0]
        lease.queue = queue
        lease.is_ahead = False
        start_clock(lease)
        lease.opened_at = lease.opened_at or lease.heartbeat_at
        lease.save(update_fields=["is_ahead", "opened_at", "heartbeat_at", "expires_at"])
    return lease.pk if lease else None


def check_open(queue: Queue, member: QueueMember) -> None:
    """Raise ReviewRefused when the queue is closed or paused, or the member is paused."""
    if queue.status == Queue.Status.CLOSED:
        raise QueueClosed
    if queue.status == Queue.Status.PAUSED:
        raise QueuePaused
    _check_not_paused(member)


def _check_not_paused(member: QueueMember) -> None:
    if member.paused_at and member.pause_reason == SCREENING_FAILED:
        raise ScreeningFailed
    if member.paused_at:
        raise MemberPaused(member.pause_reason)
