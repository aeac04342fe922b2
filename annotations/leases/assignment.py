"""Giving a person an item: a few searches, each one statement that finds, locks and takes.

Items that nobody was ever given are found at the head of an index, with no need to ask whose they
were. Among items that somebody was given, those of the person must be passed over, and these may be
thousands: the search looks at a window of them, and goes on next time where it ended. Only when
nothing else is left does it look at all.

An item that another transaction is changing is passed over (SKIP LOCKED); only when nothing else is
left is it waited for, so that a queue never seems empty because items are locked. Slots make the
overlap: the row lock gives each to one person, and two unique constraints say it again.
"""

import random
from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotations.errors import NotScreened
from annotations.leases.screening import must_be_screened
from annotations.models import Item, Lease, Queue, QueueMember

WINDOW = 64
WINDOWS_AT_ONCE = 3
_EVERYTHING = 2_147_483_647

# Takes the first free slot of what `chosen` found.
_TAKE = """
, taken AS (
    UPDATE annotations_item AS item
    SET free_slots = item.free_slots[2:], people = item.people + 1
    FROM chosen WHERE item.id = chosen.id
    RETURNING item.id
)
"""

# Writes the lease, and a line of the log, for what was `taken`.
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

FRESH = f"""
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

BEGUN = f"""
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

# One item that the person asked for by name.
ASKED = f"""
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

# Known answers have no slots: everybody may have them.
KNOWN = f"""
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

# What the person put aside, left or lost by time comes back, first of all what they had typed on.
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
class Asking:
    """Who asks for an item of which queue, and whether to work on it at once."""

    queue: Queue
    member: QueueMember
    ahead: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "queue": self.queue.pk,
            "user": self.member.user_id,
            "ahead": self.ahead,
            "blind": _is_blind(self.queue),
            "minutes": self.queue.lease_minutes,
        }


def grant(asking: Asking) -> int | None:
    """Give the person their next item; the lease's id, or null where there is none for them.

    Called with the member's row locked. Raises ScreeningFailed.
    """
    if must_be_screened(asking.queue, asking.member):
        return _screening(asking)
    found = take_up(asking) or _gold(asking)
    found = found or _begun(asking) or _fresh(asking)
    return found or _anything(asking) or take_up(asking, early=True)


def grant_item(asking: Asking, item_id: int) -> int | None:
    """Give the person this item, where it has room and they never had it. Raises NotScreened."""
    if must_be_screened(asking.queue, asking.member):
        raise NotScreened
    row = _run(ASKED, asking, item=item_id)
    return row[0] if row else None


def take_up(
    asking: Asking,
    *,
    early: bool = False,
    lease_id: int | None = None,
    purpose: Item.Purpose | None = None,
) -> int | None:
    """Give the person again what they put aside or lost, or that one lease; postponed when due."""
    row = _run(RETURNING, asking, early=early, lease=lease_id, purpose=purpose and purpose.value)
    return row[0] if row else None


def _screening(asking: Asking) -> int | None:
    """The next of the screening items; what was postponed comes back at the end of them."""
    purpose = Item.Purpose.SCREENING
    found = take_up(asking, purpose=purpose) or _known(asking, purpose)
    return found or take_up(asking, early=True, purpose=purpose)


def _gold(asking: Asking) -> int | None:
    if random.random() >= asking.queue.gold_share:  # noqa: S311 - nobody gains by guessing it
        return None
    return _known(asking, Item.Purpose.GOLD)


def _known(asking: Asking, purpose: Item.Purpose) -> int | None:
    row = _run(KNOWN, asking, purpose=purpose.value)
    return row[0] if row else None


def _fresh(asking: Asking, *, waits: bool = False) -> int | None:
    """From the random sample with the chance that the queue reserves for it, else by priority."""
    sampled = random.random() < asking.queue.sampled_share  # noqa: S311 - as above
    for from_sample in (sampled, not sampled):
        row = _run(FRESH, asking, waits=waits, random=from_sample)
        if row:
            return int(row[0])
    return None


def _begun(asking: Asking) -> int | None:
    member = asking.member
    start = place = (member.place_priority, member.place_item)
    for _ in range(WINDOWS_AT_ONCE):
        found, seen, priority, item = _window(asking, place, WINDOW)
        if found:
            break
        place = (priority, item) if seen == WINDOW else (None, None)
        if place == start:  # once round
            break
    if place != (member.place_priority, member.place_item):
        member.place_priority, member.place_item = place
        member.save(update_fields=["place_priority", "place_item"])
    return found


def _anything(asking: Asking) -> int | None:
    """Whatever there is, however far down and whoever is changing it."""
    found = _window(asking, (None, None), _EVERYTHING, waits=True)[0]
    return found or _fresh(asking, waits=True)


def _window(
    asking: Asking,
    place: tuple[float | None, int | None],
    window: int,
    *,
    waits: bool = False,
) -> tuple[int | None, int, float | None, int | None]:
    """The lease, how many items were looked at, and where the last of them stands."""
    priority, item = place
    row = _run(
        BEGUN,
        asking,
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


def _run(sql: str, asking: Asking, *, waits: bool = False, **more: Any) -> tuple[Any, ...] | None:
    if waits:
        sql = sql.replace("SKIP LOCKED", "")
    with connection.cursor() as cursor:
        cursor.execute(sql, asking.parameters | more)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def lease_of(lease_id: int, queue: Queue) -> Lease:
    """A lease in this queue, with all that a page needs of its item, in one query."""
    lease = Lease.objects.with_item().get(pk=lease_id)
    lease.queue = queue
    return lease
