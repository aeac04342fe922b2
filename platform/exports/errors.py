"""Errors of exports."""

import msgspec

from accounts.errors import Refused


class RuleError(Refused):
    """A rule that says nothing sensible: a sentence that says why."""


def sentence(error: msgspec.ValidationError) -> str:
    """msgspec's message with the place first: "validation: Expected `float`, got `str`."""
    message, _, place = str(error).partition(" - at `$.")
    return f"{place.rstrip('`')}: {message}." if place else message
