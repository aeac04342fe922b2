"""Problems: questions, with their reference answers and solutions if known."""

from django.db import models

from traces.fields import NulSafeTextField


class Problem(models.Model):
    """A question, with its reference answer and solution if known."""

    dataset = models.ForeignKey(
        "traces.Dataset", models.CASCADE, related_name="problems", db_index=False
    )
    subset = models.TextField(blank=True)
    text = NulSafeTextField()
    reference_answer = NulSafeTextField(null=True, blank=True)
    reference_solution = NulSafeTextField(null=True, blank=True)
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
