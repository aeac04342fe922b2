"""Verdicts that a person may not read yet.

Packages above this one register them: `annotations.review.blinding` hides the verdicts on traces
that the person still has to review, so that a trace's page shows nothing that the review page
hides.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User

# Returns the condition on verdicts that are hidden from the person.
Condition = Callable[["User"], Q]

_conditions: list[Condition] = []


def register_hidden_verdicts(condition: Condition) -> None:
    """Add a condition for hidden verdicts. Called once, when an application starts."""
    _conditions.append(condition)


def hidden_from(user: "User") -> Q:
    """Return the condition on verdicts hidden from `user`; own verdicts never are."""
    hidden = Q(pk__in=[])
    if user.is_lead:
        return hidden
    for condition in _conditions:
        hidden |= condition(user)
    return hidden & (Q(judge__user=None) | ~Q(judge__user=user.pk))
