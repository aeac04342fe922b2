"""Gold items: items with a known answer, mixed in among the others or used for screening."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from annotations.activity import increment, log_event
from annotations.errors import ReviewRefused
from annotations.gold.monitoring import check_screening, watch_drift
from annotations.models import Event, Item, Lease, Queue, QueueMember, Submission
from traces.models import Trace

# An item becomes a gold candidate when this many people decided or signed the same label.
SIGNATURES = 2


def gold_candidates(queue: Queue) -> QuerySet[Item]:
    """Return settled items whose consensus two people signed, with `signatures` and `label`."""
    agreeing = Q(
        decisions__label=F("trace__verdicts__earliest_error"),
        trace__verdicts__judge=queue.judge_id,
        trace__verdicts__is_current=True,
    )
    return (
        Item.objects.filter(
            queue=queue, status=Item.Status.SETTLED, purpose=Item.Purpose.WORK, decisions__gt=0
        )
        .annotate(
            signatures=Count("decisions__user", filter=agreeing, distinct=True),
            label=Max("decisions__label", filter=agreeing),
        )
        .filter(signatures__gte=SIGNATURES)
        .order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on an answer to a gold item. The label is 0-based, -1 for no error."""

    correct: bool
    label: int
    explanation: str


def add_gold(
    queue: Queue,
    trace: Trace,
    label: int,
    *,
    feedback: str = "",
    screening: bool = False,
    by: User | None = None,
) -> Item:
    """Make the trace a gold item of the queue, or one of its screening items. Return the item.

    Raises ReviewRefused for a label that the trace can't have, and for an item that is being
    reviewed.
    """
    if not -1 <= label < trace.step_count:
        raise ReviewRefused(
            f"{label} is not a step of this trace: use -1 for no error, or 0 to "
            f"{trace.step_count - 1}."
        )
    purpose = Item.Purpose.SCREENING if screening else Item.Purpose.GOLD
    with transaction.atomic():
        item, is_new = Item.objects.select_for_update().get_or_create(
            queue=queue, trace=trace, defaults={"purpose": purpose, "gold_label": label}
        )
        if not is_new and item.status == Item.Status.OPEN and not item.is_gold and item.people:
            raise ReviewRefused(
                "This trace is being reviewed. It can become a gold item once it is settled."
            )
        was_work = not is_new and not item.is_gold
        is_corrected = not is_new and item.is_gold and item.gold_label != label
        item.purpose, item.gold_label, item.gold_feedback = purpose, label, feedback
        item.free_slots = []
        item.save()
        if was_work and item.status == Item.Status.OPEN:
            increment(queue, 0, items=-1)
        if is_corrected:
            _grade_again(item)
        log_event(queue, Event.Kind.GOLD, item=item, user=by, label=label, purpose=purpose)
    return item


def _grade_again(item: Item) -> None:
    """Grade each person's first answer by the changed label. Nobody is paused or resumed."""
    first = Submission.objects.filter(lease=OuterRef("pk")).order_by("submitted_at")
    graded = Lease.objects.filter(item=item, gold_correct__isnull=False)
    answers = Subquery(first.values("verdict__earliest_error")[:1])
    leases = list(graded.annotate(first_answer=answers))
    for lease in leases:
        lease.gold_correct = lease.first_answer == item.gold_label
    Lease.objects.bulk_update(leases, ["gold_correct"])


def feedback(lease: Lease) -> Feedback | None:
    """Return the feedback on gold where the queue gives any; never on screening items."""
    item = lease.item
    if lease.gold_correct is None or item.purpose != Item.Purpose.GOLD or item.gold_label is None:
        return None
    if not lease.queue.gold_feedback:
        return None
    return Feedback(lease.gold_correct, item.gold_label, item.gold_feedback)


def grade(lease: Lease, item: Item, member: QueueMember, label: int | None) -> None:
    """Grade an answer to a gold item, then pause the person if they fail screening or drift.

    A skipped item (null label) is a wrong answer. Called with lease and member locked.
    """
    lease.gold_correct = label == item.gold_label
    lease.save(update_fields=["gold_correct"])
    if item.purpose == Item.Purpose.SCREENING:
        check_screening(lease.queue, member)
    else:
        watch_drift(lease.queue, member)
