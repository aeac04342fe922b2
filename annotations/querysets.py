"""Who may look up which queue, item and lease: a stranger's lookup finds nothing."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User


def _in_sight(user: "User", prefix: str) -> Q:
    """A condition on a queue at `prefix`: the user is in it, in its dataset, or a lead of all."""
    is_member = Q(**{f"{prefix}members__user": user})
    in_dataset = Q(**{f"{prefix}dataset__members__user": user})
    for_all = Q(**{f"{prefix}is_for_everyone": True, f"{prefix}dataset__members_only": False})
    return is_member | in_dataset | for_all


class QueueQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        seen = self.model._base_manager.filter(_in_sight(user, "")).values("pk")
        return self.filter(pk__in=seen)


class ItemQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Items of queues that the user can see."""
        from annotations.queues import Queue

        if not user.is_authenticated:
            return self.none()
        return self if user.is_lead else self.filter(queue__in=Queue.objects.visible_to(user))


class LeaseQuerySet(models.QuerySet):
    def held(self) -> Self:
        return self.filter(state="held")

    def of(self, user: "User") -> Self:
        """The user's own: nobody works on another's lease."""
        return self.filter(annotator=user) if user.is_authenticated else self.none()

    def with_item(self) -> Self:
        """With all that a review page needs of its item.

        No table more: planning the joins is most of what this query costs.
        """
        return self.select_related("item__trace__problem", "item__trace__generator")
