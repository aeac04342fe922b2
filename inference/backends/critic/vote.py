"""The vote over a critic's samples, by the rules of ProcessBench's own script."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote's winner and its share of the samples.

    `answer` is None if no sample has one. `share` counts samples without an answer too.
    """

    answer: str | None
    share: float


def vote(answers: Sequence[str | None]) -> Vote:
    """Return the most common answer as it was written, so that "3" and "03" are two answers.

    Of equally common ones the first wins. Samples without an answer abstain.
    """
    given = [answer for answer in answers if answer is not None]
    if not given:
        return Vote(None, 0.0)
    answer, count = Counter(given).most_common(1)[0]
    return Vote(answer, count / len(answers))
