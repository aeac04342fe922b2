"""The error of a machine that can't run Misstep by itself."""

from accounts.errors import Refused


class LocalServiceError(Refused):
    """A service that can't be started; the message says what to do about it."""
