"""The nouns of the platform: datasets, problems, traces, judges, verdicts.

A trace's steps are an array on the trace, a verdict's scores and labels arrays on the verdict: one
row a trace, one row a verdict. Imports are in `traces.imports`.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from traces.exact_text import ExactTextField
from traces.imports import Import, ImportRejection
from traces.members import DatasetMember
from traces.problem_links import ProblemMatch, ProblemSignature, ProblemVariant
from traces.querysets import (
    DatasetQuerySet,
    GeneratorQuerySet,
    JudgeQuerySet,
    TraceQuerySet,
    VerdictQuerySet,
)
from traces.saved_filters import SavedFilter

__all__ = [
    "Dataset",
    "DatasetMember",
    "Generator",
    "Import",
    "ImportRejection",
    "Judge",
    "Problem",
    "ProblemMatch",
    "ProblemSignature",
    "ProblemVariant",
    "SavedFilter",
    "Trace",
    "Verdict",
    "dataset_name",
]

dataset_name = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z",
    "A dataset's name has letters, digits, dots, dashes and underscores, at most 100 of them.",
)


class Cardinality(Func):
    """The length of an array; NULL for NULL, so that a check on it passes where there is none."""

    function = "CARDINALITY"
    output_field = models.IntegerField()


class Dataset(models.Model):
    """Problems and traces that came in together and are reported together."""

    name = models.CharField(max_length=100, unique=True, validators=[dataset_name])
    description = models.TextField(blank=True)
    # Its problems stay out of training exports, and their copies elsewhere are flagged.
    is_benchmark = models.BooleanField(default=False)
    # Seen by its members and by leads alone, rather than by everyone with a login.
    members_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DatasetQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Problem(models.Model):
    """A question, with its reference answer and solution where known."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="problems", db_index=False)
    subset = models.TextField(blank=True)
    text = ExactTextField()
    reference_answer = ExactTextField(null=True, blank=True)
    reference_solution = ExactTextField(null=True, blank=True)
    # 128 bits of BLAKE2b over the text; a uuid column is PostgreSQL's 16-byte type.
    content_hash = models.UUIDField(editable=False)

    class Meta:
        constraints = [
            # The hash first: the same index finds a problem within its dataset, for the importer,
            # and the same problem in other datasets, for the duplicates.
            models.UniqueConstraint(
                fields=["content_hash", "dataset", "subset"], name="problem_once_a_subset"
            )
        ]
        indexes = [
            # Subsets of a dataset, and deleting a dataset.
            models.Index(fields=["dataset", "subset"], name="problem_by_subset")
        ]

    def __str__(self) -> str:
        return f"problem {self.pk}"


class Generator(models.Model):
    """Who made a trace: a model at a revision, or a person."""

    name = models.TextField()
    revision = models.TextField(blank=True)

    objects = GeneratorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "revision"], name="generator_once")]

    def __str__(self) -> str:
        return f"{self.name} @ {self.revision}" if self.revision else self.name


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


class Judge(models.Model):
    """Whoever can give a verdict."""

    class Kind(models.TextChoices):
        REFERENCE = "reference", "reference"  # the labels that came with a dataset
        HUMAN = "human", "human"
        MODEL = "model", "model"  # a scorer: PRM, critic or checker
        CONSENSUS = "consensus", "consensus"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    # The dataset's name, the person's, the scorer's.
    name = models.TextField()
    revision = models.TextField(blank=True)
    dataset = models.OneToOneField(
        Dataset, models.CASCADE, null=True, blank=True, related_name="reference_judge"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="judge"
    )

    objects = JudgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name", "revision"], name="judge_once"),
            models.CheckConstraint(
                condition=Q(kind="reference", dataset__isnull=False, user__isnull=True)
                | Q(kind="human", dataset__isnull=True, user__isnull=False)
                | Q(kind__in=["model", "consensus"], dataset__isnull=True, user__isnull=True),
                name="judge_kind_fits",
            ),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.REFERENCE:
            return "reference"
        return f"{self.name} ({self.revision})" if self.revision else self.name


class Verdict(models.Model):
    """One judge's finding on one trace.

    A person who changes their mind writes a new revision, and the old one stays with `is_current`
    false; a scorer that judges a trace again replaces its own verdict, or writes the next revision
    where that was withdrawn, which it stays. `earliest_error` is 0-based, -1 means no error,
    null means no usable answer, and `failure` then says why.
    """

    class Origin(models.TextChoices):
        IMPORT = "import", "import"
        RUN = "run", "scoring run"
        REVIEW = "review", "review"
        CONSENSUS = "consensus", "consensus"
        ADJUDICATION = "adjudication", "adjudication"
        RECUT = "recut", "re-cut"

    # The database refers to (trace, step_count) as a pair: see the first migration.
    trace = models.ForeignKey(
        Trace, models.CASCADE, related_name="verdicts", db_constraint=False, db_index=False
    )
    step_count = models.PositiveSmallIntegerField(editable=False)
    judge = models.ForeignKey(Judge, models.CASCADE, related_name="verdicts", db_index=False)
    revision = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)

    earliest_error = models.SmallIntegerField(null=True, blank=True)
    # One a step: the judge's own scale, higher is better; for a PRM the probability of being right.
    scores = ArrayField(models.FloatField(), null=True, blank=True)
    # One a step: 1 right, 0 neutral, -1 wrong, null not labelled.
    step_labels = ArrayField(models.SmallIntegerField(null=True), null=True, blank=True)
    # The share of a critic's samples behind the label, 0 to 1; null where nobody voted.
    confidence = models.FloatField(null=True, blank=True)
    # Steps, 0-based, that are wrong and put right later in the same trace.
    self_corrected = ArrayField(models.SmallIntegerField(), null=True, blank=True)
    error_type = models.TextField(blank=True)
    severity = models.TextField(blank=True)
    explanation = ExactTextField(blank=True)
    correction = ExactTextField(blank=True)  # how the first wrong step should have read
    failure = models.TextField(blank=True)

    # What wrote the verdict, and the number of that import, run or review.
    origin = models.CharField(max_length=16, choices=Origin.choices)
    origin_id = models.BigIntegerField(null=True, blank=True)
    # What a person was shown of other judges' verdicts; null for judges that are no people.
    shown_judges = ArrayField(models.BigIntegerField(), null=True, blank=True)
    shown_before_deciding = models.BooleanField(null=True, blank=True)
    seconds_spent = models.PositiveIntegerField(null=True, blank=True)
    # The probability with which the trace was chosen to be judged; null where nobody drew lots.
    inclusion_probability = models.FloatField(null=True, blank=True)
    # Taken back by a lead: no longer current, and what holds it is listed.
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
            # The few that were withdrawn, for whoever follows them.
            models.Index(
                fields=["id"], condition=Q(withdrawn_at__isnull=False), name="verdict_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} on {self.trace_id}: {self.earliest_error}"
