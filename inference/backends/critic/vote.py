"""The vote over a critic's samples, by the rules of ProcessBench's own script."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vote:
    """`answer` is None where no sample has one. `share` is of all samples, those without an answer
    among them."""

    answer: str | None
    share: float


def vote(answers: Sequence[str | None]) -> Vote:
    """The commonest answer as it was written, so that "3" and "03" are two; of equals the one that
    came first. Samples without an answer abstain."""
    given = [answer for answer in answers if answer is not None]
    if not given:
        return Vote(None, 0.0)
    answer, count = Counter(given).most_common(1)[0]
    return Vote(answer, count / len(answers))
