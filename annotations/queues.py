"""Queues, who works in them, and the counts that their pages show."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotations.error_types import ERROR_TYPES
from annotations.querysets import QueueQuerySet

MAX_OVERLAP = 16
_share = [MinValueValidator(0), MaxValueValidator(1)]


def default_error_types() -> list[dict[str, str]]:
    return [{"name": k.name, "key": k.key, "meaning": k.meaning} for k in ERROR_TYPES]


class Queue(models.Model):
    """Traces offered for review under one set of rules.

    open <-> paused; either -> closed, which is the end: nothing is granted, and what people hold
    comes back. Its items are filled from `dataset`, `choices` and `disagreeing` and stay as they
    are until somebody fills it again.
    """

    class Status(models.TextChoices):
        OPEN = "open", "open"
        PAUSED = "paused", "paused"
        CLOSED = "closed", "closed"

    class Scheme(models.TextChoices):
        FIRST_ERROR = "first_error", "the first wrong step"
        EVERY_STEP = "every_step", "every step: +1, 0, -1"

    class Rule(models.TextChoices):
        SINGLE = "single", "one person decides"
        MAJORITY = "majority", "more than half name the same step"
        UNANIMITY = "unanimity", "all name the same step"
        PROCESSBENCH = "processbench", "three name the same step, of at most five"

    class Unresolved(models.TextChoices):
        ADJUDICATE = "adjudicate", "goes to adjudication"
        DISCARD = "discard", "is discarded"

    class Order(models.TextChoices):
        OLDEST = "oldest", "oldest first"
        UNCERTAINTY = "uncertainty", "where models are unsure"
        DISAGREEMENT = "disagreement", "where judges disagree"
        RANDOM = "random", "at random"

    # The orders that follow what judges say, which changes.
    MOVING = (Order.UNCERTAINTY, Order.DISAGREEMENT)

    class Opinions(models.TextChoices):
        HIDDEN = "hidden", "hidden"
        UNTIL_DECIDED = "until_decided", "hidden until decided"
        SHOWN = "shown", "shown"

    dataset = models.ForeignKey("traces.Dataset", models.CASCADE, related_name="queues")
    name = models.CharField(max_length=100)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    # The queue that `/review/<dataset>/` leads to.
    is_default = models.BooleanField(default=False)
    # Everyone who may annotate in the dataset may here, and becomes a member by asking for an item.
    is_for_everyone = models.BooleanField(default=False)

    # Which traces: the choices of `traces.datasets.trace_filter.TraceFilter`, and judges (ids)
    # that disagree.
    choices = models.JSONField(default=dict, blank=True)
    saved_filter = models.ForeignKey(
        "traces.SavedFilter", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    disagreeing = models.JSONField(default=list, blank=True)

    guidelines = models.TextField(blank=True)  # Markdown
    label_scheme = models.CharField(
        max_length=16, choices=Scheme.choices, default=Scheme.FIRST_ERROR
    )
    error_types = models.JSONField(default=default_error_types)  # of {name, key, meaning}
    ask_severity = models.BooleanField(default=False)

    # People asked of each item at first, and at most where a rule asks for more.
    overlap = models.PositiveSmallIntegerField(default=1)
    max_overlap = models.PositiveSmallIntegerField(default=1)
    rule = models.CharField(max_length=16, choices=Rule.choices, default=Rule.SINGLE)
    unresolved = models.CharField(
        max_length=16, choices=Unresolved.choices, default=Unresolved.ADJUDICATE
    )
    # That many people call the problem bad, or give up or are unsure, and the item leaves the line.
    bad_problem_limit = models.PositiveSmallIntegerField(default=2)
    give_up_limit = models.PositiveSmallIntegerField(default=3)

    order = models.CharField(max_length=16, choices=Order.choices, default=Order.OLDEST)
    # A score this far from the threshold or less is unsure; used by the order of that name.
    threshold = models.FloatField(default=0.5, validators=_share)
    # The share of uniformly random items: see `annotations.ordering`.
    random_share = models.FloatField(default=0, validators=_share)
    # What lots are drawn by, so that anybody can draw them again.
    seed = models.PositiveBigIntegerField(default=1)

    opinions = models.CharField(
        max_length=16, choices=Opinions.choices, default=Opinions.UNTIL_DECIDED
    )
    # The share of leases whose holder never sees what the models said.
    blind_share = models.FloatField(default=0, validators=_share)

    gold_share = models.FloatField(default=0, validators=_share)
    gold_feedback = models.BooleanField(default=False)
    # A newcomer answers the screening items first, and must get this share of them right.
    pass_mark = models.FloatField(default=0.8, validators=_share)
    # Below it, over the last `drift_window` gold answers, an annotator is paused. 0 is never.
    drift_bound = models.FloatField(default=0, validators=_share)
    drift_window = models.PositiveSmallIntegerField(default=20)

    lease_minutes = models.PositiveSmallIntegerField(default=20)
    # What its consensus is written under.
    judge = models.OneToOneField(
        "traces.Judge", models.PROTECT, null=True, blank=True, related_name="queue"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When the order was last worked out, and whether a worker is at it.
    ordered_at = models.DateTimeField(null=True, blank=True)

    objects = QueueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "name"], name="queue_name_once"),
            models.UniqueConstraint(
                fields=["dataset"], condition=Q(is_default=True), name="queue_one_default"
            ),
            models.CheckConstraint(
                condition=Q(overlap__gte=1)
                & Q(max_overlap__gte=F("overlap"))
                & Q(max_overlap__lte=MAX_OVERLAP),
                name="queue_overlap_possible",
            ),
            models.CheckConstraint(
                condition=Q(random_share__range=(0, 1))
                & Q(blind_share__range=(0, 1))
                & Q(gold_share__range=(0, 1))
                & Q(pass_mark__range=(0, 1))
                & Q(drift_bound__range=(0, 1)),
                name="queue_shares_are_shares",
            ),
            models.CheckConstraint(condition=Q(lease_minutes__gte=1), name="queue_lease_lasts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def sampled_share(self) -> float:
        """The share of its items that are a uniformly random sample of them."""
        return 1.0 if self.order == self.Order.RANDOM else self.random_share


class QueueMember(models.Model):
    """A person in a queue: what they may do, whether they passed, whether they are paused."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "viewer"
        ANNOTATOR = "annotator", "annotator"
        REVIEWER = "reviewer", "reviewer"  # annotates, and settles disputes
        LEAD = "lead", "lead"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="queue_memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)
    screened_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.TextField(blank=True)
    # When a lead last let them go on; answers before it say nothing of a drift any more.
    resumed_at = models.DateTimeField(null=True, blank=True)
    # Where the next search among items that others have begun goes on: see `annotations.granting`.
    place_priority = models.FloatField(null=True, blank=True)
    place_item = models.BigIntegerField(null=True, blank=True)
    # What this person did here.
    answers = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "user"], name="queue_member_once"),
            models.CheckConstraint(
                condition=Q(role__in=["viewer", "annotator", "reviewer", "lead"]),
                name="queue_member_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.queue_id}: {self.role}"


class Tally(models.Model):
    """Counts of a queue, spread over several rows so that submits don't wait for each other.

    The queue's count is the sum of its rows; a single row may be negative.
    """

    SHARDS = 16

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="tallies", db_index=False)
    shard = models.PositiveSmallIntegerField()
    items = models.IntegerField(default=0)
    answers = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    disputed = models.IntegerField(default=0)
    discarded = models.IntegerField(default=0)
    bad_problems = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "shard"], name="tally_once")]

    def __str__(self) -> str:
        return f"tally {self.shard} of {self.queue_id}"
