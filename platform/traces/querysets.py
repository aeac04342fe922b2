"""Reads that are used twice, under plain names."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class DatasetQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Everyone with a login sees every dataset; rules for single ones belong here."""
        return self if user.is_authenticated else self.none()


class TraceQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self if user.is_authenticated else self.none()


class VerdictQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(is_current=True)
