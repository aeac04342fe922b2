"""What goes wrong when a machine is to run Misstep by itself."""

from accounts.errors import Refused


class LocalServiceError(Refused):
    """A service can't be started; the text is a sentence that says what to do about it."""
