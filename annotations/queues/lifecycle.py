"""Keeping queues: changing their rules, pausing, closing, copying and deleting them."""

from typing import Any

from django.db import transaction

from accounts.models import User
from annotations import tasks
from annotations.errors import QueueClosed, ReviewRefused
from annotations.event_log import log
from annotations.models import Event, Item, Queue
from annotations.queues.create import create_queue
from annotations.queues.populate import fill, traces_for

# More traces than this are put in by a worker rather than while somebody waits.
AT_ONCE = 20_000

# What makes a queue what it is; the rest is its name, its state and who made it.
RULES = (
    "choices",
    "saved_filter",
    "disagreeing",
    "guidelines",
    "label_scheme",
    "error_types",
    "ask_severity",
    "overlap",
    "max_overlap",
    "rule",
    "unresolved",
    "bad_problem_limit",
    "give_up_limit",
    "order",
    "threshold",
    "random_share",
    "seed",
    "opinions",
    "blind_share",
    "gold_share",
    "gold_feedback",
    "pass_mark",
    "drift_bound",
    "drift_window",
    "lease_minutes",
    "is_for_everyone",
)
# Once items are in: the sample was drawn by these, and labels under two schemes don't compare.
FIXED = {"label_scheme", "random_share", "seed"}


def change_rules(queue: Queue, *, by: User, **rules: Any) -> Queue:
    """Change some of a queue's rules, its name among them. What follows is done in the background.

    Raises ReviewRefused for what can't change any more.
    """
    with transaction.atomic():
        queue = Queue.objects.select_for_update().select_related("dataset").get(pk=queue.pk)
        changed = {name: value for name, value in rules.items() if getattr(queue, name) != value}
        _check_change(queue, changed)
        for name, value in changed.items():
            setattr(queue, name, value)
        queue.max_overlap = max(queue.max_overlap, queue.overlap)
        queue.save()
        log(queue, Event.Kind.CHANGED, user=by, changed=sorted(changed))
        if "overlap" in changed:
            tasks.widen_queue.delay_on_commit(queue.pk)
        if {"order", "threshold"} & changed.keys():
            tasks.reorder_queue.delay_on_commit(queue.pk)
    return queue


def set_status(queue: Queue, status: str, *, by: User) -> Queue:
    """Open, pause or close the queue. Closing takes back what people hold; drafts stay."""
    with transaction.atomic():
        queue = Queue.objects.select_for_update().get(pk=queue.pk)
        if queue.status == Queue.Status.CLOSED and status != Queue.Status.CLOSED:
            raise QueueClosed
        if queue.status != status:
            queue.status = status
            queue.save(update_fields=["status"])
            log(queue, Event.Kind.STATUS, user=by, status=status)
            if status == Queue.Status.CLOSED:
                tasks.release_queue.delay_on_commit(queue.pk)
    return queue


def put_in(queue: Queue, *, by: User) -> int | None:
    """Fill the queue; how many new items it were, null where a worker does it.

    Raises ValueError where the queue's choices no longer fit the dataset.
    """
    if queue.dataset.traces.all()[AT_ONCE : AT_ONCE + 1].exists():
        traces_for(queue)
        tasks.fill_queue.delay_on_commit(queue.pk, by.pk)
        return None
    return fill(queue, by=by)


def duplicate(queue: Queue, name: str, *, by: User) -> Queue:
    """A queue of the same rules, people and known answers, filled with what they choose today.

    Raises ValueError as `put_in`; nothing is made then.
    """
    with transaction.atomic():
        rules = {rule: getattr(queue, rule) for rule in RULES}
        copy = create_queue(queue.dataset, name, created_by=by, **rules)
        _copy_members(queue, copy)
        _copy_gold(queue, copy)
        put_in(copy, by=by)
    return copy


def _check_change(queue: Queue, changed: dict[str, Any]) -> None:
    unknown = changed.keys() - {*RULES, "name"}
    if unknown:
        raise ReviewRefused(f"A queue has no rule {sorted(unknown)[0]!r}.")
    if changed.get("overlap", queue.overlap) < queue.overlap:
        raise ReviewRefused(
            f"{queue.overlap} people were promised for each item: overlap can only be raised."
        )
    if not queue.items.exists():
        return
    fixed = FIXED & changed.keys()
    to_or_from_random = Queue.Order.RANDOM in {queue.order, changed.get("order", queue.order)}
    if "order" in changed and to_or_from_random:
        fixed.add("order")
    if fixed:
        names = " and ".join(sorted(fixed)).replace("_", " ")
        raise ReviewRefused(
            f"The {names} can't change once traces are in: duplicate the queue instead."
        )


def _copy_members(queue: Queue, copy: Queue) -> None:
    people = queue.members.exclude(user__in=copy.members.values("user"))
    member = copy.members.model
    member.objects.bulk_create(
        member(queue=copy, user_id=m.user_id, role=m.role) for m in people.order_by("pk")
    )


def _copy_gold(queue: Queue, copy: Queue) -> None:
    known = queue.items.exclude(purpose=Item.Purpose.WORK).order_by("pk")
    Item.objects.bulk_create(
        Item(
            queue=copy,
            trace_id=item.trace_id,
            purpose=item.purpose,
            gold_label=item.gold_label,
            gold_feedback=item.gold_feedback,
        )
        for item in known
    )
