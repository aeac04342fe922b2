"""What models wrote about traces, word for word, under the verdict that was read from it."""

from django.db import models

from traces.fields import NulSafeTextField
from traces.models import Verdict


class RawOutput(models.Model):
    """One text of a scorer's model; judging the trace again replaces it with the verdict's others.

    The fields are those of `inference.backends.interface.Output`, which says what they mean.
    """

    verdict = models.ForeignKey(Verdict, models.CASCADE, related_name="raw_outputs", db_index=False)
    # Its place among the verdict's outputs, from 0.
    number = models.PositiveSmallIntegerField()
    run_id = models.BigIntegerField()
    sample = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    part = models.TextField(blank=True)
    text = NulSafeTextField(blank=True)
    label = NulSafeTextField(blank=True)
    finish_reason = models.TextField(blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # Also how a verdict's outputs are found and read in order.
            models.UniqueConstraint(fields=["verdict", "number"], name="raw_output_once")
        ]

    def __str__(self) -> str:
        return f"output {self.number} of verdict {self.verdict_id}"
