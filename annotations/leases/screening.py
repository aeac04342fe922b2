"""Screening: the gold items that a newcomer to a queue answers before anything else."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from annotations.errors import ScreeningFailed
from annotations.models import Item, Lease, Queue, QueueMember


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """A person's answers to the queue's screening `items`: how many, and how many correct."""

    items: int
    answered: int
    correct: int

    @property
    def is_complete(self) -> bool:
        return self.answered >= self.items

    def passes(self, queue: Queue) -> bool:
        """Return whether enough answers are correct; without any item nobody fails."""
        return self.correct >= queue.pass_mark * self.answered


def screening_of(queue: Queue, user: User) -> ScreeningResult:
    """Return the person's result so far. A skipped item is a wrong answer. Two queries."""
    items = Item.objects.filter(queue=queue, purpose=Item.Purpose.SCREENING)
    answers = Lease.objects.filter(item__in=items, annotator=user, gold_correct__isnull=False)
    return ScreeningResult(
        items=items.count(),
        **answers.aggregate(answered=Count("pk"), correct=Count("pk", filter=Q(gold_correct=True))),
    )


def is_in_screening(queue: Queue, member: QueueMember) -> bool:
    """Return whether the member must answer screening items first; note it when they have passed.

    Without any such item they pass, and so do members who left and came back. Raises
    ScreeningFailed.
    """
    if member.screened_at:
        return False
    result = screening_of(queue, member.user)
    if not result.is_complete:
        return True
    if not result.passes(queue):
        raise ScreeningFailed
    member.screened_at = timezone.now()
    member.save(update_fields=["screened_at"])
    return False
