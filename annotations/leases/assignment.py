"""Assignment of items to people: a few searches, each one statement that finds and locks an item.

Unassigned items are at the head of an index; nobody had them, so no lease needs to be checked.
Among partially assigned items the person's own must be passed over, and these may be thousands: the
search looks at a window of items, and continues the next time where it ended. Only when nothing
else is left does it scan them all.

An item that another transaction is changing is skipped (SKIP LOCKED). Only when nothing else is
left does the search wait for it, so that a queue never seems empty because items are locked. Each
item has a slot for each reviewer it needs: the row lock gives a slot to one person, and two unique
constraints guard it as well.
"""

import random
from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotations.errors import NotScreened
from annotations.leases.screening import is_in_screening
from annotations.models import Item, Queue, QueueMember

WINDOW = 64
WINDOWS_AT_ONCE = 3
_EVERYTHING = 2_147_483_647

# Takes the first free slot of the item that `chosen` found.
_TAKE = """
, taken AS (
    UPDATE annotations_item AS item
    SET free_slots = item.free_slots[2:], people = item.people + 1
    FROM chosen WHERE item.id = chosen.id
    RETURNING item.id
)
"""

# Writes the lease, and a line of the log, for the item that was `taken`.
_WRITE = """
, granted AS (
    INSERT INTO annotations_lease
        (item_id, queue_id, annotator_id, slot, state, is_ahead, is_blind, granted_at, opened_at,
         heartbeat_at, expires_at, note)
    SELECT chosen.id, %(queue)s, %(user)s, chosen.slot, 'held', %(ahead)s, %(blind)s, now(),
           CASE WHEN NOT %(ahead)s THEN now() END,
           now(), now() + make_interval(mins => %(minutes)s), ''
    FROM chosen JOIN taken USING (id)
    RETURNING id, item_id
), logged AS (
    INSERT INTO annotations_event (queue_id, kind, item_id, user_id, at, details)
    SELECT %(queue)s, 'granted', item_id, %(user)s, now(), jsonb_build_object('lease', id)
    FROM granted
)
"""

UNASSIGNED = f"""
WITH chosen AS MATERIALIZED (
    SELECT id, free_slots[1] AS slot
    FROM annotations_item
    WHERE queue_id = %(queue)s AND is_random = %(random)s
      AND status = 'open' AND purpose = 'work' AND people = 0
    ORDER BY priority DESC, id DESC
    LIMIT 1 FOR UPDATE SKIP LOCKED
) {_TAKE} {_WRITE}
SELECT id FROM granted
"""  # noqa: S608 - made of this module's own words

PARTIALLY_ASSIGNED = f"""
WITH nearby AS MATERIALIZED (
    SELECT id, priority
    FROM annotations_item
    WHERE queue_id = %(queue)s AND (priority, id) < (%(priority)s, %(item)s)
      AND status = 'open' AND purpose = 'work' AND people > 0 AND free_slots <> '{{}}'
    ORDER BY priority DESC, id DESC
    LIMIT %(window)s
), chosen AS MATERIALIZED (
    SELECT item.id, item.free_slots[1] AS slot
    FROM nearby JOIN annotations_item AS item ON item.id = nearby.id
    WHERE item.status = 'open' AND item.purpose = 'work' AND item.free_slots <> '{{}}'
      AND NOT EXISTS (SELECT FROM annotations_lease AS lease
                      WHERE lease.item_id = nearby.id AND lease.annotator_id = %(user)s)
    ORDER BY nearby.priority DESC, nearby.id DESC
    LIMIT 1 FOR UPDATE OF item SKIP LOCKED
) {_TAKE} {_WRITE}
SELECT (SELECT id FROM granted), (SELECT count(*) FROM nearby), last.priority, last.id
FROM (VALUES (1)) AS one(row)
LEFT JOIN (SELECT priority, id FROM nearby ORDER BY priority, id LIMIT 1) AS last ON true
"""  # noqa: S608 - made of this module's own words

# One item, chosen by the person.
ONE_ITEM = f"""
WITH chosen AS MATERIALIZED (
    SELECT id, free_slots[1] AS slot
    FROM annotations_item AS item
    WHERE id = %(item)s AND status = 'open' AND purpose = 'work' AND free_slots <> '{{}}'
      AND NOT EXISTS (SELECT FROM annotations_lease AS lease
                      WHERE lease.item_id = item.id AND lease.annotator_id = %(user)s)
    FOR UPDATE SKIP LOCKED
) {_TAKE} {_WRITE}
SELECT id FROM granted
"""  # noqa: S608 - made of this module's own words

# Gold items have no slots: everybody may have them.
GOLD = f"""
WITH chosen AS MATERIALIZED (
    SELECT id, NULL::smallint AS slot
    FROM annotations_item AS item
    WHERE queue_id = %(queue)s AND purpose = %(purpose)s AND purpose <> 'work'
      AND NOT EXISTS (SELECT FROM annotations_lease AS lease
                      WHERE lease.item_id = item.id AND lease.annotator_id = %(user)s)
    ORDER BY random()
    LIMIT 1
), taken AS (SELECT id FROM chosen) {_WRITE}
SELECT id FROM granted
"""  # noqa: S608 - made of this module's own words

# Items that the person postponed, left or let expire. What has no due time comes first, then the
# one that ended first.
RETURNING = """
WITH chosen AS MATERIALIZED (
    SELECT lease.id AS lease_id, item.id, item.free_slots[1] AS slot
    FROM annotations_lease AS lease JOIN annotations_item AS item ON item.id = lease.item_id
    WHERE lease.annotator_id = %(user)s AND lease.queue_id = %(queue)s
      AND lease.state IN ('postponed', 'released', 'expired')
      AND (lease.due_at IS NULL OR lease.due_at <= now() OR %(early)s)
      AND (%(lease)s::bigint IS NULL OR lease.id = %(lease)s)
      AND (%(purpose)s::text IS NULL OR item.purpose = %(purpose)s)
      AND (item.purpose <> 'work' OR item.status = 'open' AND item.free_slots <> '{}')
    ORDER BY lease.due_at NULLS FIRST, lease.ended_at, lease.id
    LIMIT 1 FOR UPDATE OF item SKIP LOCKED
), taken AS (
    UPDATE annotations_item AS item SET free_slots = item.free_slots[2:]
    FROM chosen WHERE item.id = chosen.id
), logged AS (
    INSERT INTO annotations_event (queue_id, kind, item_id, user_id, at, details)
    SELECT %(queue)s, 'granted', id, %(user)s, now(),
           jsonb_build_object('lease', lease_id, 'again', true)
    FROM chosen
)
UPDATE annotations_lease AS lease
SET state = 'held', slot = chosen.slot, is_ahead = %(ahead)s, ended_at = NULL, due_at = NULL,
    heartbeat_at = now(), expires_at = now() + make_interval(mins => %(minutes)s),
    opened_at = CASE WHEN %(ahead)s THEN lease.opened_at ELSE coalesce(lease.opened_at, now()) END
FROM chosen WHERE lease.id = chosen.lease_id
RETURNING lease.id
"""


@dataclass(frozen=True, slots=True)
class AssignmentRequest:
    """A member's request for an item of a queue, to work on at once or fetched `ahead`."""

    queue: Queue
    member: QueueMember
    ahead: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that every search takes."""
        return {
            "queue": self.queue.pk,
            "user": self.member.user_id,
            "ahead": self.ahead,
            "blind": _is_blind(self.queue),
            "minutes": self.queue.lease_minutes,
        }


def assign_next(request: AssignmentRequest) -> int | None:
    """Assign the member their next item. Return the lease's id, null when there is none for them.

    Called with the member's row locked. Raises ScreeningFailed.
    """
    if _needs_screening(request):
        return _screening(request)
    lease = resume(request) or _gold_by_chance(request)
    lease = lease or _partially_assigned(request) or _unassigned(request)
    return lease or _full_scan(request) or resume(request, early=True)


def assign_item(request: AssignmentRequest, item_id: int) -> int | None:
    """Assign this item. Return the lease's id, null without a free slot or when they had it before.

    Raises NotScreened and ScreeningFailed.
    """
    if _needs_screening(request):
        raise NotScreened
    row = _run(ONE_ITEM, request, item=item_id)
    return row[0] if row else None


def resume(
    request: AssignmentRequest,
    *,
    early: bool = False,
    lease_id: int | None = None,
    purpose: Item.Purpose | None = None,
) -> int | None:
    """Assign again what the member postponed, left or let expire. Return the lease's id.

    `lease_id` and `purpose` narrow the search; with `early` a postponed item need not be due.
    """
    row = _run(RETURNING, request, early=early, lease=lease_id, purpose=purpose and purpose.value)
    return row[0] if row else None


def _needs_screening(request: AssignmentRequest) -> bool:
    member = request.member
    return member.screened_at is None and is_in_screening(request.queue, member)


def _screening(request: AssignmentRequest) -> int | None:
    """Assign the next screening item, postponed ones last."""
    purpose = Item.Purpose.SCREENING
    lease = resume(request, purpose=purpose) or _gold(request, purpose)
    return lease or resume(request, early=True, purpose=purpose)


def _gold_by_chance(request: AssignmentRequest) -> int | None:
    if random.random() >= request.queue.gold_share:  # noqa: S311 - nobody gains by guessing it
        return None
    return _gold(request, Item.Purpose.GOLD)


def _gold(request: AssignmentRequest, purpose: Item.Purpose) -> int | None:
    row = _run(GOLD, request, purpose=purpose.value)
    return row[0] if row else None


def _unassigned(request: AssignmentRequest, *, waits: bool = False) -> int | None:
    """Assign from the random sample with the chance that the queue sets, else by priority."""
    sampled = random.random() < request.queue.sampled_share  # noqa: S311 - as above
    for from_sample in (sampled, not sampled):
        row = _run(UNASSIGNED, request, waits=waits, random=from_sample)
        if row:
            return int(row[0])
    return None


def _partially_assigned(request: AssignmentRequest) -> int | None:
    member = request.member
    start = place = (member.place_priority, member.place_item)
    for _ in range(WINDOWS_AT_ONCE):
        lease, seen, priority, item = _window(request, place, WINDOW)
        if lease:
            break
        place = (priority, item) if seen == WINDOW else (None, None)
        if place == start:  # all windows were searched
            break
    if place != (member.place_priority, member.place_item):
        member.place_priority, member.place_item = place
        member.save(update_fields=["place_priority", "place_item"])
    return lease


def _full_scan(request: AssignmentRequest) -> int | None:
    """Assign any item with a free slot, waiting for the transactions that change one."""
    lease = _window(request, (None, None), _EVERYTHING, waits=True)[0]
    return lease or _unassigned(request, waits=True)


def _window(
    request: AssignmentRequest,
    place: tuple[float | None, int | None],
    window: int,
    *,
    waits: bool = False,
) -> tuple[int | None, int, float | None, int | None]:
    """Return the lease, how many items were searched, and the priority and id of the last one."""
    priority, item = place
    row = _run(
        PARTIALLY_ASSIGNED,
        request,
        waits=waits,
        priority=float("inf") if priority is None else priority,
        item=0 if item is None else item,
        window=window,
    )
    assert row
    return row[0], row[1], row[2], row[3]


def _is_blind(queue: Queue) -> bool:
    if queue.opinions == Queue.Opinions.HIDDEN:
        return True
    return random.random() < queue.blind_share  # noqa: S311 - drawn for fairness, not secrecy


def _run(
    sql: str, request: AssignmentRequest, *, waits: bool = False, **parameters: Any
) -> tuple[Any, ...] | None:
    if waits:
        sql = sql.replace("SKIP LOCKED", "")
    with connection.cursor() as cursor:
        cursor.execute(sql, request.parameters | parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
