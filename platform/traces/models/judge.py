"""Judges: the models, people and references that give verdicts."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery

from traces.models.dataset import Dataset
from traces.models.trace import Trace
from traces.models.verdict import Verdict

if TYPE_CHECKING:
    from accounts.models import User


# The name of every reference judge.
DATASET_LABELS = "dataset labels"


class JudgeQuerySet(models.QuerySet):
    def named(self, text: str) -> Self:
        """Return the judges of a name, or of a name and the start of a revision: arithmetic@1."""
        name, _, revision = text.rpartition("@")
        by_revision = Q(name=name, revision__startswith=revision)
        return self.filter(Q(name=text) | by_revision if name and revision else Q(name=text))

    def visible_to(self, user: "User") -> Self:
        """Return all models, and the other judges of datasets that the user may see."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        seen = Dataset.objects.visible_to(user).values("pk")
        judged = Verdict.objects.current().filter(judge=OuterRef("pk"), trace__dataset__in=seen)
        return self.filter(Q(kind="model") | Q(dataset__in=seen) | Exists(judged))

    def who_judged(self, dataset: Dataset) -> Self:
        """Return the judges with a current verdict on a trace of the dataset.

        Costs one index probe a judge, however many verdicts there are: a dataset's traces are
        imported together, so hardly any other trace has an id between its first and its last.
        """
        ends = Trace.objects.filter(dataset=dataset).aggregate(first=Min("pk"), last=Max("pk"))
        verdicts = Verdict.objects.current().filter(
            judge=OuterRef("pk"),
            trace__dataset=dataset,
            trace__gte=ends["first"] or 0,
            trace__lte=ends["last"] or 0,
        )
        # As a value, not by EXISTS, which PostgreSQL turns into a join that reads every verdict.
        return self.alias(verdict=Subquery(verdicts.values("pk")[:1])).filter(verdict__isnull=False)


class Judge(models.Model):
    """A model, person, reference or consensus that gives verdicts."""

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
        """Return the judge's name everywhere: arithmetic@1 for a model with its revision."""
        if self.kind == self.Kind.REFERENCE:
            return DATASET_LABELS
        if self.kind == self.Kind.CONSENSUS:
            return f"{self.name} ({self.revision})" if self.revision else self.name
        return f"{self.name}@{self.revision}" if self.revision else self.name
