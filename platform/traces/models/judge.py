"""Judges: whatever gives verdicts."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery

from traces.models.dataset import Dataset

if TYPE_CHECKING:
    from accounts.models import User
    from traces.models.dataset import Dataset


class JudgeQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Models are open to all; who else judged is for those who may see what they judged."""
        # Below the models that are made of this module's classes.
        from traces.models.dataset import Dataset
        from traces.models.verdict import Verdict

        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        seen = Dataset.objects.visible_to(user).values("pk")
        judged = Verdict.objects.current().filter(judge=OuterRef("pk"), trace__dataset__in=seen)
        return self.filter(Q(kind="model") | Q(dataset__in=seen) | Exists(judged))

    def who_judged(self, dataset: "Dataset") -> Self:
        """Whose verdicts stand on traces of the dataset; one index probe a judge, however many
        verdicts there are. A dataset's traces came in together, so between its first and its last
        id there is hardly another's."""
        from traces.models.trace import Trace
        from traces.models.verdict import Verdict

        ends = Trace.objects.filter(dataset=dataset).aggregate(first=Min("pk"), last=Max("pk"))
        verdicts = Verdict.objects.current().filter(
            judge=OuterRef("pk"),
            trace__dataset=dataset,
            trace__gte=ends["first"] or 0,
            trace__lte=ends["last"] or 0,
        )
        # As a value, not by EXISTS: of that PostgreSQL makes a join that reads every verdict.
        return self.alias(verdict=Subquery(verdicts.values("pk")[:1])).filter(verdict__isnull=False)


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
