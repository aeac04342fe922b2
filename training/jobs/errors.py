"""What a job says when it can't go on."""

from accounts.errors import Refused


class JobError(Refused):
    """The text is a sentence for whoever started the run: what is wrong, where, what would do."""
