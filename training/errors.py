"""What training refuses."""


class TrainingRefused(Exception):
    """A request that can't be met; the text is a sentence that the person who asked can read."""
