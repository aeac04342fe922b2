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
        return EmptyQueue(f"{queue.name} gives you nothing now", refusal)
    # Not items that the person had already. Gold items have no slot: counting them would tell.
    own = Lease.objects.of(user).filter(queue=queue)
    others = Lease.objects.held().filter(queue=queue, slot__isnull=False)
    held = others.exclude(item__in=own.values("item")).values("item").distinct().count()
    if held:
        return EmptyQueue(
            "Nothing is free at this moment",
            f"{_items(held)} of this queue {'is' if held == 1 else 'are'} with other people. What"
            " they leave or lose by time is offered to you: look again in a few minutes.",
            may_come=True,
        )
    mine = own.filter(state=Lease.State.SUBMITTED, slot__isnull=False).count()
    items = QueueCounter.objects.filter(queue=queue).aggregate(all=Sum("items", default=0))["all"]
    if not items:
        return EmptyQueue("This queue is empty", "No trace has been put into it yet.")
    if mine >= items:
        return EmptyQueue(
            "You have judged every trace of this queue",
            "There is nothing more to do here until its lead puts in new ones.",
        )
    return EmptyQueue(
        "Nothing is left for you here",
        "The other traces of this queue have been answered by as many people as were asked, are"
        " settled, or were ended by you without a review.",
    )


def _items(count: int) -> str:
    return "One trace" if count == 1 else f"{count:,} traces"
