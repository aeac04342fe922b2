"""What goes wrong when a machine is to run Misstep by itself."""


class LocalServiceError(Exception):
    """A service can't be started; the text is a sentence that says what to do about it."""
