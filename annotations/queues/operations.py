"""A lead's operations on a queue: change its rules or status, populate and duplicate it."""

from typing import Any

from django.db import transaction

from accounts.models import User
from annotations.activity import log_event
from annotations.errors import QueueClosed, ReviewRefused
from annotations.models import Event, Item, Queue, QueueJob, QueueMember
from annotations.queues.background import start_job
from annotations.queues.create import create_queue
from annotations.queues.populate import fill, traces_for

# More traces than this are added by a worker, not during the request.
AT_ONCE = 20_000

# The rules of a queue. Its other fields are its name, state, creator and times.
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
# Fixed once it has items: the sample depends on them, and labels of two schemes don't compare.
FIXED = {"label_scheme", "random_share", "seed"}


def change_rules(queue: Queue, *, by: User, **rules: Any) -> Queue:
    """Change some of a queue's rules or its name. Return the queue.

    Tasks update the items affected. Raises ReviewRefused for a rule that can't change any more.
    """
    with transaction.atomic():
        queue = Queue.objects.select_for_update().select_related("dataset").get(pk=queue.pk)
        changed = {name: value for name, value in rules.items() if getattr(queue, name) != value}
        _check_change(queue, changed)
        for name, value in changed.items():
            setattr(queue, name, value)
        queue.max_overlap = max(queue.max_overlap, queue.overlap)
        queue.save()
        log_event(queue, Event.Kind.CHANGED, user=by, changed=sorted(changed))
        if "overlap" in changed:
            start_job(queue, QueueJob.Kind.WIDEN, by=by)
        if {"order", "threshold"} & changed.keys():
            start_job(queue, QueueJob.Kind.REORDER, by=by)
    return queue


def set_status(queue: Queue, status: str, *, by: User) -> Queue:
    """Open, pause or close the queue. Return it. Closing releases held items; drafts stay."""
    with transaction.atomic():
        queue = Queue.objects.select_for_update().get(pk=queue.pk)
        if queue.status == Queue.Status.CLOSED and status != Queue.Status.CLOSED:
            raise QueueClosed
        if queue.status != status:
            queue.status = status
            queue.save(update_fields=["status"])
            log_event(queue, Event.Kind.STATUS, user=by, status=status)
            if status == Queue.Status.CLOSED:
                start_job(queue, QueueJob.Kind.RELEASE, by=by)
    return queue


def populate(queue: Queue, *, by: User) -> int | None:
    """Fill the queue. Return the number of new items, null when a worker adds them.

    Raises ValueError when the queue's filter no longer fits the dataset.
    """
    if queue.dataset.traces.all()[AT_ONCE : AT_ONCE + 1].exists():
        traces_for(queue)
        start_job(queue, QueueJob.Kind.FILL, by=by)
        return None
    return fill(queue, by=by)


def duplicate(queue: Queue, name: str, *, by: User) -> Queue:
    """Return a filled copy of the queue, with its rules, members and gold items.

    Raises ValueError as `populate`; then nothing is created.
    """
    with transaction.atomic():
        rules = {rule: getattr(queue, rule) for rule in RULES}
        copy = create_queue(queue.dataset, name, created_by=by, **rules)
        _copy_members(queue, copy)
        _copy_gold(queue, copy)
        populate(copy, by=by)
    return copy


def _check_change(queue: Queue, changed: dict[str, Any]) -> None:
    unknown = changed.keys() - {*RULES, "name"}
    if unknown:
        raise ReviewRefused(f"A queue has no setting {sorted(unknown)[0]!r}.")
    if changed.get("overlap", queue.overlap) < queue.overlap:
        raise ReviewRefused(
            f"Each item already has {queue.overlap} reviewers: the number can only be raised."
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
            f"The {names} can't be changed once the queue has traces. Duplicate the queue instead."
        )


def _copy_members(queue: Queue, copy: Queue) -> None:
    members = queue.members.exclude(user__in=copy.members.values("user"))
    QueueMember.objects.bulk_create(
        QueueMember(queue=copy, user_id=m.user_id, role=m.role) for m in members.order_by("pk")
    )


def _copy_gold(queue: Queue, copy: Queue) -> None:
    gold = queue.items.exclude(purpose=Item.Purpose.WORK).order_by("pk")
    Item.objects.bulk_create(
        Item(
            queue=copy,
            trace_id=item.trace_id,
            purpose=item.purpose,
            gold_label=item.gold_label,
            gold_feedback=item.gold_feedback,
        )
        for item in gold
    )
