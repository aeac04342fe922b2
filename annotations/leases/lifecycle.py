"""Claims on items: asked for, kept by a heartbeat, given back, or run out with their draft kept."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.deadlocks import outlasting_deadlocks
from annotations.errors import LeaseLost, MemberPaused, QueueClosed, QueuePaused, ScreeningFailed
from annotations.leases.assignment import Asking, grant, grant_item, lease_of, take_up
from annotations.models import Item, Lease, Queue, QueueMember
from annotations.permissions import lock_member, lock_member_of
from traces.models import Trace

SCREENING_FAILED = "screening failed"
# Leases taken back in one transaction.
BATCH = 1000


def next_lease(queue: Queue, user: User) -> Lease | None:
    """The item to work on: the one held, else the one fetched ahead, else a new one.

    Null where the queue has nothing for this person now; `annotations.review.empty_queue` says
    why. Raises
    NotAMember, QueuePaused, QueueClosed, MemberPaused, ScreeningFailed.
    """
    found = _hold(queue, user, ahead=False) or _after_expiring(queue, user)
    if found is None:
        return None
    lease = Lease.objects.get(pk=found)
    lease.queue = queue
    return lease


def lease_ahead(queue: Queue, user: User) -> Lease | None:
    """The item after the one worked on, under a lease of its own; asked twice, the same one.

    With all that its page needs. Raises as `next_lease`.
    """
    found = _hold(queue, user, ahead=True)
    return lease_of(found, queue) if found else None


@transaction.atomic
def lease_trace(queue: Queue, user: User, trace: Trace) -> int | None:
    """The id of the person's lease on this trace of the queue, taken if they never had one.

    Null where it is not in the queue, or no room is left on it. Raises as `next_lease`.
    """
    member = lock_member(queue, user)
    mine = Lease.objects.of(user).filter(queue=queue, item__trace=trace).first()
    if mine:
        return mine.pk
    check_open(queue, member)
    item = Item.objects.filter(queue=queue, trace=trace).first()
    return grant_item(Asking(queue, member), item.pk) if item else None


def lock_lease(lease_id: int, user: User) -> tuple[Lease, QueueMember]:
    """The person's own lease, and their membership, locked in the order that all keep to."""
    member = lock_member_of(lease_id, user)
    lease = Lease.objects.of(user).select_for_update().filter(pk=lease_id).first()
    if member is None or lease is None:
        raise LeaseLost("you never had it")
    lease.queue = member.queue
    return lease, member


@transaction.atomic
def hold(lease_id: int, user: User) -> Lease:
    """The lease, held: taken up again where it ran out and nobody else has it. Raises LeaseLost."""
    lease, member = lock_lease(lease_id, user)
    keep_or_take_up(lease, member)
    return lease


def keep_or_take_up(lease: Lease, member: QueueMember) -> None:
    """Make sure that a locked lease is held: what a pause has taken back stays so."""
    if lease.is_held:
        return
    if lease.queue.status == Queue.Status.CLOSED:
        raise QueueClosed
    if lease.state not in Lease.RETURNING:
        raise LeaseLost("you have finished it")
    _check_not_paused(member)
    if take_up(Asking(lease.queue, member), early=True, lease_id=lease.pk) is None:
        raise LeaseLost
    lease.refresh_from_db()


def renew(lease_id: int, user: User) -> Lease:
    """A heartbeat: this lease and the one ahead of it last longer. Raises LeaseLost."""
    lease = hold(lease_id, user)
    start_clock(lease)
    Lease.objects.held().filter(queue=lease.queue, annotator=user).update(
        heartbeat_at=lease.heartbeat_at, expires_at=lease.expires_at
    )
    return lease


def start_clock(lease: Lease) -> None:
    """Count the lease's time from now; the caller saves it."""
    lease.heartbeat_at = timezone.now()
    lease.expires_at = lease.heartbeat_at + timedelta(minutes=lease.queue.lease_minutes)


@outlasting_deadlocks
def release(lease_id: int, user: User) -> None:
    """Give an item back on leaving, its draft kept; one that is not held stays as it is."""
    with transaction.atomic():
        lease, _ = lock_lease(lease_id, user)
        _end([lease.pk], Lease.State.RELEASED)


def release_all(queue: Queue, user: User) -> int:
    """Give back all that the person holds in the queue; how many it were."""
    held = Lease.objects.held().filter(queue=queue, annotator=user)
    with transaction.atomic():
        return _end(list(held.select_for_update().values_list("pk", flat=True)), "released")


def release_queue(queue: Queue) -> int:
    """Give back everything that anybody holds in the queue; how many leases it were."""
    return _end_all(Lease.objects.filter(queue=queue), Lease.State.RELEASED)


def expire(*, limit: int = BATCH) -> int:
    """Take back the leases that ran out, a batch at a time; how many it were. Runs every minute."""
    due = Lease.objects.filter(expires_at__lt=timezone.now())
    return _end_all(due, Lease.State.EXPIRED, limit=limit)


def _end_all(leases: QuerySet[Lease], state: str, *, limit: int = BATCH) -> int:
    held = leases.filter(state=Lease.State.HELD).order_by("expires_at")
    total = 0
    while True:
        ended = _end_batch(held, state, limit)
        total += ended or 0
        if ended is None or ended < limit:
            return total


@outlasting_deadlocks
def _end_batch(held: QuerySet[Lease], state: str, limit: int) -> int | None:
    """How many it were; null where another takes leases back already."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Two at once would wait for each other's items.
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('annotations.leases.lifecycle'))")
        if not cursor.fetchone()[0]:
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
    """Give the slots of locked leases back to their items."""
    if not lease_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_END, {"leases": lease_ids, "state": str(state)})
        return int(cursor.rowcount)


@outlasting_deadlocks
def _hold(queue: Queue, user: User, *, ahead: bool) -> int | None:
    """The id of the lease that the person holds from now on, if there is one for them."""
    with transaction.atomic():
        member = lock_member(queue, user)
        check_open(queue, member)
        return _held(queue, user, ahead=ahead) or grant(Asking(queue, member, ahead))


def _after_expiring(queue: Queue, user: User) -> int | None:
    """Once more, where taking back what ran out gave something back."""
    return _hold(queue, user, ahead=False) if expire() else None


def _held(queue: Queue, user: User, *, ahead: bool) -> int | None:
    """What the person holds already; asked for work, the one fetched ahead becomes it."""
    mine = Lease.objects.held().filter(queue=queue, annotator=user).order_by("is_ahead", "pk")
    held = list(mine.select_for_update())
    found = next((lease for lease in held if lease.is_ahead == ahead), None)
    if found is None and not ahead:
        found = next(iter(held), None)
        if found:
            found.queue = queue
            found.is_ahead = False
            start_clock(found)
            found.opened_at = found.opened_at or found.heartbeat_at
            found.save(update_fields=["is_ahead", "opened_at", "heartbeat_at", "expires_at"])
    return found.pk if found else None


def check_open(queue: Queue, member: QueueMember) -> None:
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
