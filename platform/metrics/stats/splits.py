"""Splits of problems for fitting and for measuring, fixed by the problem's name.

A problem's traces stay together, since they are not independent. A problem keeps its part whatever
the dataset, the order and the other problems are.
"""

import hashlib

DEVELOPMENT_SHARE = 0.2
FOLDS = 5


def in_development(problem: str, *, share: float = DEVELOPMENT_SHARE) -> bool:
    """Return whether a problem, by name or text, is one to choose thresholds on."""
    return _place(problem, "development") < share


def fold_of(problem: str, folds: int = FOLDS) -> int:
    """Return the problem's fold, 0 to folds - 1, independent of the development split."""
    return int(_place(problem, "fold") * folds)


def _place(problem: str, purpose: str) -> float:
    """Return a number from 0 to below 1 that looks drawn at random."""
    digest = hashlib.sha256(f"{purpose}:{problem}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53
