"""The error of a job that can't continue."""

from accounts.errors import Refused


class JobError(Refused):
    """A job can't continue. The message tells the user what is wrong, where, and how to fix it."""
