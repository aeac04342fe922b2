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
    ErrorType("calculation", "a", "wrong arithmetic or algebra"),
    ErrorType("numeric", "r", "a number dropped, misrounded or misconverted"),
    ErrorType("logical", "l", "doesn't follow from earlier steps"),
    ErrorType("conceptual", "o", "wrong idea, formula or theorem"),
    ErrorType("completeness", "t", "missing case, condition or justification"),
    ErrorType("misreading", "i", "misreads the problem"),
    ErrorType("context", "x", "contradicts an earlier result"),
]
