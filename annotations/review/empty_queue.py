"""Why a queue has nothing for a person now, in sentences that are true."""

from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import User
from annotations.models import Lease, Queue, Tally


@dataclass(frozen=True, slots=True)
class Waiting:
    title: str
    sentence: str
    # Something may come back soon: worth looking again.
    may_come: bool = False


def waiting_page(queue: Queue, user: User, refusal: str = "") -> Waiting:
    """`refusal` is the queue's own word, where it gave one. Three queries at most."""
    if refusal:
        return Waiting(f"{queue.name} gives you nothing now", refusal)
    # Not those on which the person has had their turn, and no known answers: they would tell.
    had = Lease.objects.of(user).filter(queue=queue)
    others = Lease.objects.held().filter(queue=queue, slot__isnull=False)
    held = others.exclude(item__in=had.values("item")).values("item").distinct().count()
    if held:
        return Waiting(
            "Nothing is free at this moment",
            f"{_items(held)} of this queue {'is' if held == 1 else 'are'} with other people. What"
            " they leave or lose by time is offered to you: look again in a few minutes.",
            may_come=True,
        )
    mine = had.filter(state=Lease.State.SUBMITTED, slot__isnull=False).count()
    items = Tally.objects.filter(queue=queue).aggregate(all=Sum("items", default=0))["all"]
    if not items:
        return Waiting("This queue is empty", "No trace has been put into it yet.")
    if mine >= items:
        return Waiting(
            "You have judged every trace of this queue",
            "There is nothing more to do here until its lead puts in new ones.",
        )
    return Waiting(
        "Nothing is left for you here",
        "The other traces of this queue have been answered by as many people as were asked, are"
        " settled, or were ended by you without a review.",
    )


def _items(count: int) -> str:
    return "One trace" if count == 1 else f"{count:,} traces"
