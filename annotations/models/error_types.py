"""The default error types of a queue, each with its key on the review page.

No key may be one of the page's own: see `annotations.shortcuts`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorType:
    """An error type as the review page offers it."""

    name: str
    key: str
    meaning: str


ERROR_TYPES = [
    ErrorType("calculation", "a", "worked out wrongly: arithmetic or algebra"),
    ErrorType("numeric", "r", "a number lost, rounded or converted wrongly"),
    ErrorType("logical", "l", "does not follow from what came before"),
    ErrorType("conceptual", "o", "the wrong idea, formula or theorem"),
    ErrorType("completeness", "t", "a case, condition or reason is missing"),
    ErrorType("misreading", "i", "not what the problem says"),
    ErrorType("context", "x", "mixes up what was established earlier"),
]
