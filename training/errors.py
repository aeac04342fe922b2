"""What training refuses."""

from accounts.errors import Refused


class TrainingRefused(Refused):
    """A request that can't be met; the text is a sentence that the person who asked can read."""
