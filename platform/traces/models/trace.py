"""Traces: one attempt at a problem, as an array of steps."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from traces.fields import ExactTextField
from traces.models.dataset import Dataset, joined_datasets
from traces.models.generator import Generator
from traces.models.problem import Problem

if TYPE_CHECKING:
    from accounts.models import User
    from traces.models.dataset import Dataset


class TraceQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Q(dataset__members_only=False) | Q(dataset__in=joined_datasets(user)))

    def current_cuts(self) -> Self:
        """Without the traces that were cut anew since."""
        return self.filter(is_current_cut=True)


class Cardinality(Func):
    """The length of an array; NULL for NULL, so that a check on it passes where there is none."""

    function = "CARDINALITY"
    output_field = models.IntegerField()


class Trace(models.Model):
    """One attempt at a problem: its ordered steps. Steps are never edited in place."""

    # The dataset is the problem's; it is here too so that a row's own id is unique within it.
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="traces", db_index=False)
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="traces")
    generator = models.ForeignKey(Generator, models.PROTECT, related_name="traces")
    # The row's own id in its dataset; where it had none, the content hash in hexadecimal.
    external_id = models.TextField()
    steps = ArrayField(ExactTextField())
    step_count = models.PositiveSmallIntegerField(editable=False)
    final_answer = ExactTextField(null=True, blank=True)
    final_answer_correct = models.BooleanField(null=True, blank=True)
    # 128 bits of BLAKE2b over problem, generator and steps: finds the same trace under other ids.
    content_hash = models.UUIDField(editable=False, db_index=True)
    # `sampling` (temperature, top_p and the like), `token_ids`, `logprobs` where known.
    metadata = models.JSONField(default=dict, blank=True)
    # The trace whose text this one cuts into other steps.
    recut_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="recuts"
    )
    # False once it was cut anew: it stays readable with its verdicts, and out of every selection.
    is_current_cut = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TraceQuerySet.as_manager()

    class Meta:
        constraints = [
            # The id first: the importer looks rows up by it, and must never be led to an index that
            # begins with the dataset, which statistics from before a load take for nearly empty.
            models.UniqueConstraint(fields=["external_id", "dataset"], name="trace_once_a_dataset"),
            models.CheckConstraint(
                condition=Exact(Cardinality("steps"), F("step_count")) & Q(step_count__gt=0),
                name="trace_step_count_true",
            ),
            # What a verdict's own step count refers to, so that its constraints can speak of it.
            models.UniqueConstraint(fields=["id", "step_count"], name="trace_with_step_count"),
        ]
        indexes = [
            # A generator's page, and the choice of generators of a dataset.
            models.Index(fields=["generator", "dataset"], name="trace_by_generator"),
            # A dataset's traces in the order they came in: browsing, cutting a run into shards.
            models.Index(fields=["dataset", "id"], name="trace_in_order"),
            # The few that say whose variant they are, without reading the metadata of the many.
            models.Index(
                fields=["dataset"],
                condition=Q(metadata__has_key="variant_of"),
                name="trace_states_variant",
            ),
            # The few that were cut anew, for whoever follows them.
            models.Index(fields=["id"], condition=Q(is_current_cut=False), name="trace_cut_anew"),
        ]

    def __str__(self) -> str:
        return self.external_id
