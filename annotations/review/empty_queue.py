"""The reason why a queue has nothing for a person now."""

from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import User
from annotations.models import Lease, Queue, QueueCounter


@dataclass(frozen=True, slots=True)
class EmptyQueue:
    """The title and sentence of the page."""

    title: str
    sentence: str
    # Other people's leases may end soon: the page offers to look again.
    may_come: bool = False


def explain_empty_queue(queue: Queue, user: User, refusal: str = "") -> EmptyQueue:
    """Return why the queue gave the person no item. Three queries at most.

    `refusal` is the message of the error that the queue raised, if it raised one.
    """
    if refusal:
        return EmptyQueue(f"No items for you in {queue.name}", refusal)
    # Not items that the person had already. Gold items have no slot: counting them would tell.
    own = Lease.objects.of(user).filter(queue=queue)
    others = Lease.objects.held().filter(queue=queue, slot__isnull=False)
    held = others.exclude(item__in=own.values("item")).values("item").distinct().count()
    if held:
        return EmptyQueue(
            "No items available right now",
            f"{_items(held)} of this queue {'is' if held == 1 else 'are'} held by other "
            "people. You are offered the items they return. Check again in a few minutes.",
            may_come=True,
        )
    mine = own.filter(state=Lease.State.SUBMITTED, slot__isnull=False).count()
    items = QueueCounter.objects.filter(queue=queue).aggregate(all=Sum("items", default=0))["all"]
    if not items:
        return EmptyQueue("This queue is empty", "No traces have been added yet.")
    if mine >= items:
        return EmptyQueue(
            "You have reviewed every trace in this queue",
            "More work appears here when its lead adds new traces.",
        )
    return EmptyQueue(
        "Nothing left for you here",
        "The other traces have enough reviewers, are settled, or were closed by you without "
        "a review.",
    )


def _items(count: int) -> str:
    return "One trace" if count == 1 else f"{count:,} traces"
