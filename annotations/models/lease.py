"""Who may look up which queue, item and lease: a stranger's lookup finds nothing."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.item import Item
from annotations.models.queue import Queue
from traces.fields import NulSafeTextField

if TYPE_CHECKING:
    from accounts.models import User


class LeaseQuerySet(models.QuerySet):
    def held(self) -> Self:
        return self.filter(state="held")

    def of(self, user: "User") -> Self:
        """The user's own: nobody works on another's lease."""
        return self.filter(annotator=user) if user.is_authenticated else self.none()

    def with_item(self) -> Self:
        """With all that a review page needs of its item.

        No table more: planning the joins is most of what this query costs.
        """
        return self.select_related("item__trace__problem", "item__trace__generator")


class Lease(models.Model):
    """One person's claim on one item, and what became of it.

    held -> submitted, skipped, gave_up, bad_problem, unsure; held -> postponed, released, expired,
    and from these back to held while the item has a free slot, for the same person alone. A lease
    has a slot while it is held and once it is submitted; one on a gold item never has.
    """

    class State(models.TextChoices):
        HELD = "held", "held"
        SUBMITTED = "submitted", "submitted"
        SKIPPED = "skipped", "skipped"
        POSTPONED = "postponed", "postponed"
        GAVE_UP = "gave_up", "gave up"
        BAD_PROBLEM = "bad_problem", "bad problem"
        UNSURE = "unsure", "unsure"
        RELEASED = "released", "released"
        EXPIRED = "expired", "expired"

    # Can be taken up again by the same person.
    RETURNING = (State.POSTPONED, State.RELEASED, State.EXPIRED)

    item = models.ForeignKey(Item, models.CASCADE, related_name="leases", db_index=False)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="leases", db_index=False)
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leases", db_index=False
    )
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.HELD)
    # Fetched ahead of the one being worked on.
    is_ahead = models.BooleanField(default=False)
    # Drawn when granted: the holder is never shown what the models said.
    is_blind = models.BooleanField(default=False)
    granted_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # When the holder first saw what the models said.
    shown_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Not offered again before this; of a postponed one.
    due_at = models.DateTimeField(null=True, blank=True)
    note = NulSafeTextField(blank=True)  # why, of those that were not submitted
    verdict = models.ForeignKey(
        "traces.Verdict", models.SET_NULL, null=True, blank=True, related_name="leases"
    )
    # Of gold: whether the answer was right.
    gold_correct = models.BooleanField(null=True, blank=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "slot"], name="lease_one_a_slot"),
            models.UniqueConstraint(fields=["item", "annotator"], name="lease_one_a_person"),
            models.CheckConstraint(
                condition=Q(state__in=["held", "submitted"]) | Q(slot__isnull=True),
                name="lease_slot_given_back",
            ),
        ]
        indexes = [
            # What a person holds, asked at every request.
            models.Index(
                fields=["annotator", "queue"], condition=Q(state="held"), name="lease_held"
            ),
            # The minute job that takes back what ran out.
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="lease_running"),
            # What comes back to a person.
            models.Index(
                fields=["annotator", "queue", "due_at"],
                condition=Q(state__in=["postponed", "released", "expired"]),
                name="lease_returning",
            ),
            # A person's history, newest first.
            models.Index(fields=["annotator", "queue", "ended_at"], name="lease_history"),
            # A person's last answers to gold, for drift.
            models.Index(
                fields=["queue", "annotator", "ended_at"],
                condition=Q(gold_correct__isnull=False),
                name="lease_gold",
            ),
        ]

    def __str__(self) -> str:
        return f"lease {self.pk}"

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def was_opened(self) -> bool:
        """Before that there is no word of the holder's on the item: no draft, no comment."""
        return self.opened_at is not None
