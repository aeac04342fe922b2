"""Items: a trace in a queue."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from annotations.models.queue import Queue

if TYPE_CHECKING:
    from accounts.models import User


class ItemQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Return the items of queues that the user can see."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_lead else self.filter(queue__in=Queue.objects.visible_to(user))


class Item(models.Model):
    """A trace in a queue.

    open -> settled, disputed, discarded, bad_problem. A disputed one becomes settled, discarded or
    bad_problem by adjudication; a reopened review or a raised overlap brings it back to open.
    """

    class Status(models.TextChoices):
        OPEN = "open", "open"
        SETTLED = "settled", "settled"
        DISPUTED = "disputed", "in dispute"
        DISCARDED = "discarded", "discarded"
        BAD_PROBLEM = "bad_problem", "bad problem"

    class Purpose(models.TextChoices):
        WORK = "work", "work"
        GOLD = "gold", "gold"  # with a known answer; assigned to everybody, among the others
        SCREENING = "screening", "screening"  # as gold, before anything else

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="items", db_index=False)
    trace = models.ForeignKey("traces.Trace", models.CASCADE, related_name="items", db_index=False)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.WORK)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    # Higher comes first.
    priority = models.FloatField(default=0)
    # Whether it is in the queue's uniformly random sample, and the probability of that.
    is_random = models.BooleanField(default=False)
    inclusion_probability = models.FloatField(null=True, blank=True)
    # The slots without a held or submitted lease. An assignment takes the first of them.
    free_slots = ArrayField(models.PositiveSmallIntegerField(), default=list)
    # How many people it was ever assigned to; at 0 no lease needs to be checked.
    people = models.PositiveSmallIntegerField(default=0)
    answers = models.PositiveSmallIntegerField(default=0)
    bad_problems = models.PositiveSmallIntegerField(default=0)
    give_ups = models.PositiveSmallIntegerField(default=0)  # and those unsure
    # For gold and screening items: the right answer, -1 for no error, and the feedback text.
    gold_label = models.SmallIntegerField(null=True, blank=True)
    gold_feedback = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            # The trace first: the same index finds a trace's items, for its page and its deletion.
            models.UniqueConstraint(fields=["trace", "queue"], name="item_once_a_queue"),
            models.CheckConstraint(
                condition=Q(purpose="work") | Q(gold_label__isnull=False, gold_label__gte=-1),
                name="item_gold_has_label",
            ),
            models.CheckConstraint(
                condition=Q(inclusion_probability__isnull=True)
                | Q(inclusion_probability__gt=0, inclusion_probability__lte=1),
                name="item_inclusion_is_a_probability",
            ),
        ]
        indexes = [
            # The two searches of an assignment: unassigned items, and partially assigned ones with
            # a free slot.
            models.Index(
                fields=["queue", "is_random", "priority", "id"],
                condition=Q(status="open", purpose="work", people=0),
                name="item_fresh",
            ),
            models.Index(
                fields=["queue", "priority", "id"],
                condition=Q(status="open", purpose="work", people__gt=0) & ~Q(free_slots=[]),
                name="item_begun",
            ),
            # Mixing gold in, and the lists of gold and screening items.
            models.Index(
                fields=["queue", "purpose"], condition=~Q(purpose="work"), name="item_gold"
            ),
            # The lists of disputed, discarded and bad items, oldest first.
            models.Index(
                fields=["queue", "status", "id"],
                condition=~Q(status__in=["open", "settled"]),
                name="item_out_of_line",
            ),
            # The computation of priorities goes through a queue by id.
            models.Index(fields=["queue", "id"], name="item_in_order"),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"

    @property
    def is_gold(self) -> bool:
        return self.purpose != self.Purpose.WORK
