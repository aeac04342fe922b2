"""Which problems are for fitting and which for measuring: by name, for ever the same.

A problem's traces never part, since they are not independent; and a problem is in the same part
whatever the dataset, the order and the other problems are.
"""

import hashlib

DEVELOPMENT_SHARE = 0.2
FOLDS = 5


def in_development(problem: str, *, share: float = DEVELOPMENT_SHARE) -> bool:
    """Whether a problem, by its name or text, is one to choose thresholds on."""
    return _place(problem, "development") < share


def fold_of(problem: str, folds: int = FOLDS) -> int:
    """The problem's fold, from 0 to folds - 1; independent of its being in development."""
    return int(_place(problem, "fold") * folds)


def _place(problem: str, purpose: str) -> float:
    """From 0 to below 1, as if drawn by chance."""
    digest = hashlib.sha256(f"{purpose}:{problem}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53
