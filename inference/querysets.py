"""Reads of runs and shards, under plain names."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from traces.models import Dataset

if TYPE_CHECKING:
    from accounts.models import User


class RunQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those over datasets that the user may see."""
        return self.filter(dataset__in=Dataset.objects.visible_to(user))

    def going(self) -> Self:
        """Neither finished, failed nor cancelled."""
        return self.filter(status__in=["queued", "running", "paused"])

    def handing_out(self) -> Self:
        """Those whose shards workers may take."""
        return self.filter(status__in=["queued", "running"])

    def with_judged(self) -> Self:
        """`judged` and `unparsable`, summed over the shards in the same query."""
        return self.annotate(
            judged=Coalesce(models.Sum("shards__judged"), 0),
            unparsable=Coalesce(models.Sum("shards__unparsable"), 0),
        )


class ShardQuerySet(models.QuerySet):
    def claimed(self, shard_id: int, attempt: int) -> Self:
        """The shard, as long as that claim of it holds."""
        return self.filter(pk=shard_id, status="running", attempts=attempt)
