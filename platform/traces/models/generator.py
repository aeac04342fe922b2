"""Generators: models at a revision, or people, that write traces."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef

from traces.models.trace import Trace

if TYPE_CHECKING:
    from accounts.models import User


class GeneratorQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Return the generators of the traces that the user may see; leads see all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Exists(Trace.objects.visible_to(user).filter(generator=OuterRef("pk"))))


class Generator(models.Model):
    """The author of traces: a model at a revision, or a person."""

    name = models.TextField()
    revision = models.TextField(blank=True)

    objects = GeneratorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "revision"], name="generator_once")]

    def __str__(self) -> str:
        return f"{self.name} @ {self.revision}" if self.revision else self.name
