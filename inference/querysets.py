"""Reads of runs and shards, under plain names."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class RunQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self if user.is_authenticated else self.none()


class ShardQuerySet(models.QuerySet):
    pass
