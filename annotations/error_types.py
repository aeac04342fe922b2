"""The kinds of error that a reviewer can name, each with its key on the review page.

No key may be one that moves or decides: see `static/js/review.js`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorType:
    name: str
    key: str
    meaning: str


ERROR_TYPES = [
    ErrorType("calculation", "l", "worked out wrongly: arithmetic or algebra"),
    ErrorType("numeric", "r", "a number lost, rounded or converted wrongly"),
    ErrorType("logical", "g", "does not follow from what came before"),
    ErrorType("conceptual", "p", "the wrong idea, formula or theorem"),
    ErrorType("completeness", "t", "a case, condition or reason is missing"),
    ErrorType("misreading", "i", "not what the problem says"),
    ErrorType("context", "x", "mixes up what was established earlier"),
]
