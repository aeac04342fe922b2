"""Scorers: the exact recipe of a model-based judge."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Scorer(models.Model):
    """A model-based judge's exact recipe. Immutable: a change makes a new scorer.

    A trigger refuses an update of a recipe.
    """

    class Kind(models.TextChoices):
        PRM = "prm", "process reward model"
        CRITIC = "critic", "critic"
        CHECKER = "checker", "checker"

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # The name of a backend in inference.backends.
    backend = models.CharField(max_length=64)
    model = models.TextField(blank=True)  # a hub id or a folder of the worker's
    revision = models.TextField(blank=True)
    # A step scored below it is wrong; null where the backend gives no scores.
    threshold = models.FloatField(null=True, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    # What the verdicts are written under.
    judge = models.OneToOneField("traces.Judge", models.PROTECT, related_name="scorer")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["prm", "critic", "checker"]), name="scorer_kind_known"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="scorer_is_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(),
                func=(
                    "RAISE EXCEPTION 'A scorer is immutable; make a new one.'"
                    " USING ERRCODE = 'integrity_constraint_violation';"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def queue(self) -> str:
        """The Celery queue of the workers that can run it."""
        return self.kind
