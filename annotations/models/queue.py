"""Queues: traces offered for review under one set of rules."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotations.models.error_types import ERROR_TYPES

if TYPE_CHECKING:
    from accounts.models import User


def _in_sight(user: "User", prefix: str) -> Q:
    """Return a Q for queues at `prefix` whose members, or whose dataset's, include the user."""
    is_member = Q(**{f"{prefix}members__user": user})
    in_dataset = Q(**{f"{prefix}dataset__members__user": user})
    for_all = Q(**{f"{prefix}is_for_everyone": True, f"{prefix}dataset__members_only": False})
    return is_member | in_dataset | for_all


class QueueQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Return the queues that the user can see."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        seen = self.model._base_manager.filter(_in_sight(user, "")).values("pk")
        return self.filter(pk__in=seen)


MAX_OVERLAP = 16
_share = [MinValueValidator(0), MaxValueValidator(1)]


def default_error_types() -> list[dict[str, str]]:
    """Return the error types of a new queue as its JSON field stores them."""
    return [{"name": k.name, "key": k.key, "meaning": k.meaning} for k in ERROR_TYPES]


class Queue(models.Model):
    """Traces offered for review under one set of rules.

    open <-> paused; either -> closed, which is final: nothing is assigned, and held items are
    released. Its items are added from `dataset`, `choices` and `disagreeing`; later traces need
    another populate.
    """

    class Status(models.TextChoices):
        OPEN = "open", "open"
        PAUSED = "paused", "paused"
        CLOSED = "closed", "closed"

    class Scheme(models.TextChoices):
        FIRST_ERROR = "first_error", "the first wrong step"
        EVERY_STEP = "every_step", "every step: +1, 0, -1"

    class Rule(models.TextChoices):
        SINGLE = "single", "one reviewer decides"
        MAJORITY = "majority", "a majority names the same step"
        UNANIMITY = "unanimity", "all reviewers name the same step"
        PROCESSBENCH = "processbench", "three of at most five reviewers name the same step"

    class Unresolved(models.TextChoices):
        ADJUDICATE = "adjudicate", "go to adjudication"
        DISCARD = "discard", "are discarded"

    class Order(models.TextChoices):
        OLDEST = "oldest", "oldest first"
        UNCERTAINTY = "uncertainty", "uncertain models first"
        DISAGREEMENT = "disagreement", "disagreement first"
        RANDOM = "random", "random order"

    # The orders that depend on verdicts, which change.
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
    # Every annotator of the dataset may work here, and becomes a member with their first item.
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

    # Reviewers of each item at first, and at most when the rule asks for more.
    overlap = models.PositiveSmallIntegerField(default=1)
    max_overlap = models.PositiveSmallIntegerField(default=1)
    rule = models.CharField(max_length=16, choices=Rule.choices, default=Rule.SINGLE)
    unresolved = models.CharField(
        max_length=16, choices=Unresolved.choices, default=Unresolved.ADJUDICATE
    )
    # An item leaves the queue after this many "bad problem", or "too hard" and "unsure" reports.
    bad_problem_limit = models.PositiveSmallIntegerField(default=2)
    give_up_limit = models.PositiveSmallIntegerField(default=3)

    order = models.CharField(max_length=16, choices=Order.choices, default=Order.OLDEST)
    # A score this far from the threshold or less is unsure; used by the order of that name.
    threshold = models.FloatField(default=0.5, validators=_share)
    # The share of uniformly random items: see `annotations.queues.priority`.
    random_share = models.FloatField(default=0, validators=_share)
    # The seed of the random sample, so that anybody can draw it again.
    seed = models.PositiveBigIntegerField(default=1)

    opinions = models.CharField(
        max_length=16, choices=Opinions.choices, default=Opinions.UNTIL_DECIDED
    )
    # The share of leases whose holder never sees the models' verdicts.
    blind_share = models.FloatField(default=0, validators=_share)

    gold_share = models.FloatField(default=0, validators=_share)
    gold_feedback = models.BooleanField(default=False)
    # A newcomer answers the screening items first, and must have this share of them right.
    pass_mark = models.FloatField(default=0.8, validators=_share)
    # Below it, over the last `drift_window` gold answers, an annotator is paused. 0 is never.
    drift_bound = models.FloatField(default=0, validators=_share)
    drift_window = models.PositiveSmallIntegerField(default=20)

    lease_minutes = models.PositiveSmallIntegerField(default=20)
    # The judge of its consensus verdicts.
    judge = models.OneToOneField(
        "traces.Judge", models.PROTECT, null=True, blank=True, related_name="queue"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When the priorities were last computed.
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
