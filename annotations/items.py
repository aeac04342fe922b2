"""What is offered for review, who holds it, and what they have typed so far."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.querysets import ItemQuerySet, LeaseQuerySet
from annotations.queues import Queue
from traces.fields import ExactTextField


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
        GOLD = "gold", "gold"  # the answer is known; given to everybody, among the others
        SCREENING = "screening", "screening"  # as gold, before anything else

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="items", db_index=False)
    trace = models.ForeignKey("traces.Trace", models.CASCADE, related_name="items", db_index=False)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.WORK)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    # Higher comes first.
    priority = models.FloatField(default=0)
    # Part of the queue's uniformly random sample, and with what probability it came to be.
    is_random = models.BooleanField(default=False)
    inclusion_probability = models.FloatField(null=True, blank=True)
    # The slots that nobody holds or has answered in. A grant takes the first, a release returns it.
    free_slots = ArrayField(models.PositiveSmallIntegerField(), default=list)
    # How many people were ever granted it; at 0 nobody needs to be asked whether they were.
    people = models.PositiveSmallIntegerField(default=0)
    answers = models.PositiveSmallIntegerField(default=0)
    bad_problems = models.PositiveSmallIntegerField(default=0)
    give_ups = models.PositiveSmallIntegerField(default=0)  # and those unsure
    # Of gold and screening items: the right answer, -1 for no error, and what to say of it.
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
            # The grant's two searches: items that nobody was given, and those with room that
            # somebody was.
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
            # The list of disputes, longest waiting first, and the lists of what left the line.
            models.Index(
                fields=["queue", "status", "id"],
                condition=~Q(status__in=["open", "settled"]),
                name="item_out_of_line",
            ),
            # Working out the order goes through a queue by id.
            models.Index(fields=["queue", "id"], name="item_in_order"),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"

    @property
    def is_gold(self) -> bool:
        return self.purpose != self.Purpose.WORK


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
    note = ExactTextField(blank=True)  # why, of those that were not submitted
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


class Draft(models.Model):
    """What a person has typed on an item and not submitted. `version` counts the savings."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="drafts", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    content = models.TextField()  # JSON as text: jsonb can't hold U+0000
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.user_id} on {self.item_id}"


class Submission(models.Model):
    """One accepted submit, by the key that the page made for it: same key, same submit."""

    key = models.UUIDField(primary_key=True)
    lease = models.ForeignKey(Lease, models.CASCADE, related_name="submissions")
    verdict = models.ForeignKey("traces.Verdict", models.CASCADE, related_name="submissions")
    submitted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.key)
