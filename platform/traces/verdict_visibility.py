"""Verdicts that a person may not read yet.

Packages above this one say which: `annotations.review.blinding` does of traces that the person is
still
to review, so that nobody looks up on a trace's page what the review page hides.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User

# Of a person: which verdicts are withheld.
Condition = Callable[["User"], Q]

_conditions: list[Condition] = []


def withhold(condition: Condition) -> None:
    """Called once, as an application starts."""
    _conditions.append(condition)


def withheld_from(user: "User") -> Q:
    """The condition on a verdict that `user` may not read yet; one's own one always may."""
    found = Q(pk__in=[])
    if user.is_lead:
        return found
    for condition in _conditions:
        found |= condition(user)
    return found & (Q(judge__user=None) | ~Q(judge__user=user.pk))
