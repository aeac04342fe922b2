"""Refusals of training."""

from accounts.errors import Refused


class TrainingRefused(Refused):
    """A request that can't be met. The message is shown to the user."""
