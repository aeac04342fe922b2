"""Leases: one person's claim on one item."""

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
        """Return the leases that are held now."""
        return self.filter(state="held")

    def of(self, user: "User") -> Self:
        """Return the user's own leases: nobody works on another's."""
        return self.filter(annotator=user) if user.is_authenticated else self.none()

    def with_item(self) -> Self:
        """Return the leases with everything that a review page needs of their item.

        Further tables are left out: planning the joins is most of this query's cost.
        """
        return self.select_related("item__trace__problem", "item__trace__generator")


class Lease(models.Model):
    """One person's claim on one item, and how it ended.

    held -> submitted, skipped, gave_up, bad_problem, unsure; held -> postponed, released, expired,
    and from these back to held while the item has a free slot, for the same person alone. A lease
    has a slot while it is held and once it is submitted; one on a gold item never has.
    """

    class State(models.TextChoices):
        HELD = "held", "held"
        SUBMITTED = "submitted", "submitted"
        SKIPPED = "skipped", "skipped"
        POSTPONED = "postponed", "postponed"
        GAVE_UP = "gave_up", "too hard"
        BAD_PROBLEM = "bad_problem", "bad problem"
        UNSURE = "unsure", "unsure"
        RELEASED = "released", "returned"
        EXPIRED = "expired", "expired"

    # Can be resumed by the same person.
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
    # Drawn at the assignment: the holder never sees the models' verdicts.
    is_blind = models.BooleanField(default=False)
    granted_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # When the holder first saw the models' verdicts.
    shown_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # A postponed item is not assigned again before this.
    due_at = models.DateTimeField(null=True, blank=True)
    note = NulSafeTextField(blank=True)  # the reason, when no review was submitted
    verdict = models.ForeignKey(
        "traces.Verdict", models.SET_NULL, null=True, blank=True, related_name="leases"
    )
    # On a gold item: whether the answer was right.
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
            # The leases a person holds; every request asks for them.
            models.Index(
                fields=["annotator", "queue"], condition=Q(state="held"), name="lease_held"
            ),
            # The minute job that ends expired leases.
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="lease_running"),
            # Leases that a person may resume.
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
        """False until the holder opened the page; before that there is no draft and no comment."""
        return self.opened_at is not None
