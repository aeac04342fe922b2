"""Relations between problems: intended variants, and near-duplicates found by comparison."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class ProblemVariant(models.Model):
    """A problem made from another one by a change that keeps the way to solve it."""

    class Kind(models.TextChoices):
        NUMBERS = "numbers", "different numbers"
        REVERSED = "reversed", "reversed question"
        STATEMENT = "statement", "changed statement"
        OTHER = "other", "other change"

    problem = models.OneToOneField("traces.Problem", models.CASCADE, related_name="variant_link")
    original = models.ForeignKey("traces.Problem", models.CASCADE, related_name="variant_links")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OTHER)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(problem=F("original")), name="problem_variant_of_another"
            )
        ]

    def __str__(self) -> str:
        return f"problem {self.problem_id} of {self.original_id}"


class ProblemSignature(models.Model):
    """The MinHash bands of a problem's text. Problems that share a band may be near-duplicates."""

    problem = models.OneToOneField(
        "traces.Problem", models.CASCADE, primary_key=True, related_name="signature"
    )
    bands = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [GinIndex(fields=["bands"], name="problem_signature_bands")]

    def __str__(self) -> str:
        return f"signature of problem {self.problem_id}"


class ProblemMatch(models.Model):
    """Two problems with the same or nearly the same text, the smaller id first."""

    first = models.ForeignKey("traces.Problem", models.CASCADE, related_name="matches_after")
    second = models.ForeignKey("traces.Problem", models.CASCADE, related_name="matches_before")
    # Jaccard similarity of their shingles, 0 to 1; 1 for the same text.
    similarity = models.FloatField()
    # False if the texts state different numbers: a variant rather than a duplicate.
    same_numbers = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="problem_match_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="problem_match_in_order"
            ),
            models.CheckConstraint(
                condition=Q(similarity__gt=0, similarity__lte=1), name="problem_match_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"problems {self.first_id} and {self.second_id}: {self.similarity:.2f}"
