"""Traces: attempts at a problem, as arrays of steps."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from traces.fields import NulSafeTextField
from traces.models.dataset_member import joined_datasets
from traces.models.problem import Problem

if TYPE_CHECKING:
    from accounts.models import User


class TraceQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Return the traces of the datasets that the user may see."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Q(dataset__members_only=False) | Q(dataset__in=joined_datasets(user)))

    def current_segmentations(self) -> Self:
        """Return the traces without the ones that were segmented again since."""
        return self.filter(is_current_segmentation=True)


class Cardinality(Func):
    """The length of an array. NULL for NULL, so that a check on it passes without an array."""

    function = "CARDINALITY"
    output_field = models.IntegerField()


class Trace(models.Model):
    """One attempt at a problem: its ordered steps. Steps are never edited."""

    # The dataset is the problem's; it is here too so that a row's own id is unique within it.
    dataset = models.ForeignKey(
        "traces.Dataset", models.CASCADE, related_name="traces", db_index=False
    )
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="traces")
    generator = models.ForeignKey("traces.Generator", models.PROTECT, related_name="traces")
    # The row's own id in its dataset, or the content hash in hexadecimal if it had none.
    external_id = models.TextField()
    steps = ArrayField(NulSafeTextField())
    step_count = models.PositiveSmallIntegerField(editable=False)
    final_answer = NulSafeTextField(null=True, blank=True)
    final_answer_correct = models.BooleanField(null=True, blank=True)
    # 128 bits of BLAKE2b over problem, generator and steps: finds the same trace under other ids.
    content_hash = models.UUIDField(editable=False, db_index=True)
    # `sampling` (temperature, top_p and so on), `token_ids`, `logprobs` if known.
    metadata = models.JSONField(default=dict, blank=True)
    # The trace whose text this one splits into other steps.
    resegmented_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="resegmentations"
    )
    # False once it was segmented again: it stays readable with its verdicts, and is never selected.
    is_current_segmentation = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TraceQuerySet.as_manager()

    class Meta:
        constraints = [
            # The id first: the importer looks rows up by it. It must not be led to an index that
            # begins with the dataset: statistics from before a load say that it is nearly empty.
            models.UniqueConstraint(fields=["external_id", "dataset"], name="trace_once_a_dataset"),
            models.CheckConstraint(
                condition=Exact(Cardinality("steps"), F("step_count")) & Q(step_count__gt=0),
                name="trace_step_count_true",
            ),
            # Verdicts refer to both columns, so that their constraints can use the step count.
            models.UniqueConstraint(fields=["id", "step_count"], name="trace_with_step_count"),
        ]
        indexes = [
            # A generator's page, and the choice of generators of a dataset.
            models.Index(fields=["generator", "dataset"], name="trace_by_generator"),
            # A dataset's traces in the order of import: browsing, dividing a run into shards.
            models.Index(fields=["dataset", "id"], name="trace_in_order"),
            # The few traces that name an original, without reading the metadata of the others.
            models.Index(
                fields=["dataset"],
                condition=Q(metadata__has_key="variant_of"),
                name="trace_states_variant",
            ),
            # The few that were segmented again: queues look for their new versions.
            models.Index(
                fields=["id"], condition=Q(is_current_segmentation=False), name="trace_resegmented"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
