"""What a job says when it can't go on."""


class JobError(Exception):
    """The text is a sentence for whoever started the run: what is wrong, where, what would do."""
