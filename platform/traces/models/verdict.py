"""Verdicts: a judge's findings on traces."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from traces.fields import NulSafeTextField
from traces.models.trace import Cardinality, Trace
from traces.verdict_visibility import hidden_from

if TYPE_CHECKING:
    from accounts.models import User


class VerdictQuerySet(models.QuerySet):
    def current(self) -> Self:
        """Return the verdicts that are not replaced or withdrawn."""
        return self.filter(is_current=True)

    def readable_by(self, user: "User") -> Self:
        """Return the verdicts without the ones that are hidden from the user."""
        return self if user.is_lead else self.exclude(hidden_from(user))

    def hidden_from(self, user: "User") -> Self:
        return self.filter(hidden_from(user))


class Verdict(models.Model):
    """One judge's finding on one trace.

    A person who changes their mind writes a new revision, and the old one stays with `is_current`
    false. A scorer that judges a trace again replaces its own verdict; if that was withdrawn, it
    stays so and the scorer writes the next revision. `earliest_error` is 0-based, -1 means no
    error, null means no usable answer, and `failure` then gives the reason.
    """

    class Origin(models.TextChoices):
        IMPORT = "import", "import"
        RUN = "run", "scoring run"
        REVIEW = "review", "review"
        CONSENSUS = "consensus", "consensus"
        ADJUDICATION = "adjudication", "adjudication"
        RESEGMENTATION = "recut", "re-split"

    # The database refers to (trace, step_count) as a pair: see 0001_schema.
    trace = models.ForeignKey(
        Trace, models.CASCADE, related_name="verdicts", db_constraint=False, db_index=False
    )
    step_count = models.PositiveSmallIntegerField(editable=False)
    judge = models.ForeignKey(
        "traces.Judge", models.CASCADE, related_name="verdicts", db_index=False
    )
    revision = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)

    earliest_error = models.SmallIntegerField(null=True, blank=True)
    # One a step, on the judge's own scale, higher is better; a PRM gives the probability of right.
    scores = ArrayField(models.FloatField(), null=True, blank=True)
    # One a step: 1 right, 0 neutral, -1 wrong, null not labelled.
    step_labels = ArrayField(models.SmallIntegerField(null=True), null=True, blank=True)
    # The share of a critic's samples that agree with the label, 0 to 1; null without a vote.
    confidence = models.FloatField(null=True, blank=True)
    # Steps, 0-based, that are wrong and corrected later in the same trace.
    self_corrected = ArrayField(models.SmallIntegerField(), null=True, blank=True)
    error_type = models.TextField(blank=True)
    severity = models.TextField(blank=True)
    explanation = NulSafeTextField(blank=True)
    correction = NulSafeTextField(blank=True)  # the first wrong step, corrected
    failure = models.TextField(blank=True)

    # The source of the verdict, and the id of that import, run or review.
    origin = models.CharField(max_length=16, choices=Origin.choices)
    origin_id = models.BigIntegerField(null=True, blank=True)
    # Judges whose verdicts were shown to the person; null if the judge is not a person.
    shown_judges = ArrayField(models.BigIntegerField(), null=True, blank=True)
    shown_before_deciding = models.BooleanField(null=True, blank=True)
    seconds_spent = models.PositiveIntegerField(null=True, blank=True)
    # The probability that the trace was sampled for judging; null if it was not sampled.
    inclusion_probability = models.FloatField(null=True, blank=True)
    # Set when a lead withdraws it: no longer current, and the exports with it are listed.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "trace"],
                condition=Q(is_current=True),
                name="verdict_one_current",
            ),
            models.UniqueConstraint(
                fields=["trace", "judge", "revision"], name="verdict_revision_once"
            ),
            models.CheckConstraint(
                condition=Q(earliest_error__isnull=True)
                | Q(earliest_error__gte=-1, earliest_error__lt=F("step_count")),
                name="verdict_label_in_range",
            ),
            models.CheckConstraint(
                condition=Q(earliest_error__isnull=True) ^ Q(failure=""),
                name="verdict_failure_said",
            ),
            models.CheckConstraint(
                condition=Exact(Cardinality("scores"), F("step_count")),
                name="verdict_one_score_a_step",
            ),
            models.CheckConstraint(
                condition=Exact(Cardinality("step_labels"), F("step_count")),
                name="verdict_one_label_a_step",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="verdict_confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(inclusion_probability__isnull=True)
                | Q(inclusion_probability__gt=0, inclusion_probability__lte=1),
                name="verdict_inclusion_is_a_probability",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(is_current=False),
                name="verdict_withdrawn_not_current",
            ),
        ]
        indexes = [
            # The few that were withdrawn: queues and exports look for them.
            models.Index(
                fields=["id"], condition=Q(withdrawn_at__isnull=False), name="verdict_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} on {self.trace_id}: {self.earliest_error}"
