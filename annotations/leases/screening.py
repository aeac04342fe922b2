"""The items whose answer is known that a newcomer answers before anything else."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from annotations.errors import ScreeningFailed
from annotations.models import Item, Lease, Queue, QueueMember


@dataclass(frozen=True, slots=True)
class Screening:
    """How far a person has come: of `items` they have answered some, and these `correct`."""

    items: int
    answered: int
    correct: int

    @property
    def is_through(self) -> bool:
        return self.answered >= self.items

    def passes(self, queue: Queue) -> bool:
        """By the share of what was asked; where nothing is, there is nothing to fail."""
        return self.correct >= queue.pass_mark * self.answered


def screening_of(queue: Queue, user: User) -> Screening:
    """Two queries. A skip or a give-up is an answer, and not a right one."""
    items = Item.objects.filter(queue=queue, purpose=Item.Purpose.SCREENING)
    answers = Lease.objects.filter(item__in=items, annotator=user, gold_correct__isnull=False)
    return Screening(
        items=items.count(),
        **answers.aggregate(answered=Count("pk"), correct=Count("pk", filter=Q(gold_correct=True))),
    )


def must_be_screened(queue: Queue, member: QueueMember) -> bool:
    """Whether the person must answer the screening items first; without any, they have passed.

    So have those who left the queue and came back. Raises ScreeningFailed.
    """
    if member.screened_at:
        return False
    found = screening_of(queue, member.user)
    if not found.is_through:
        return True
    if not found.passes(queue):
        raise ScreeningFailed
    member.screened_at = timezone.now()
    member.save(update_fields=["screened_at"])
    return False
