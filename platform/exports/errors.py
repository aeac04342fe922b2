"""Errors of exports."""

import msgspec

from accounts.errors import Refused


class RuleError(Refused):
    """A rule that cannot be used; the message says why."""


def error_message(error: msgspec.ValidationError) -> str:
    """Return the msgspec error with the field first: "validation: Expected `float`, got `str`."""
    message, _, place = str(error).partition(" - at `$.")
    return f"{place.rstrip('`')}: {message}." if place else message
