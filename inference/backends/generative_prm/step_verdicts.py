"""From the verdicts of several samples on single steps to one finding with a score a step."""

from collections.abc import Sequence
from dataclasses import dataclass

from inference.backends.interface import NO_ERROR


@dataclass(frozen=True, slots=True)
class StepVerdicts:
    """One sample: how right each step is, 0 to 1, from the first step.

    A sample may end at a step that it calls wrong, and then says nothing of the steps after it.
    """

    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class Combined:
    """`scores` is None where no sample got to the last step: there is one number a step or none."""

    earliest_error: int
    scores: list[float] | None
    confidence: float | None


def combined(
    samples: Sequence[StepVerdicts], *, steps: int, threshold: float, asked: int
) -> Combined:
    """Return the steps' scores, the first error and the confidence of all samples together.

    A step's score is the mean of the samples that got to it, and the first score below the
    threshold is the error. `asked` is the number of samples, unreadable ones included. The
    confidence is the share of them that alone would have named the same step.
    """
    means: list[float] = []
    for step in range(steps):
        given = [sample.scores[step] for sample in samples if len(sample.scores) > step]
        if not given:
            break
        means.append(sum(given) / len(given))
    error = first_below(means, threshold, steps)
    agreeing = sum(first_below(sample.scores, threshold, steps) == error for sample in samples)
    return Combined(
        earliest_error=error,
        scores=means if len(means) == steps else None,
        confidence=agreeing / asked if asked > 1 else None,
    )


def first_below(scores: Sequence[float], threshold: float, steps: int) -> int:
    """Return the first step below the threshold, or the last one if the verdicts end early."""
    below = [step for step, score in enumerate(scores) if score < threshold]
    if below:
        return below[0]
    return NO_ERROR if len(scores) == steps else len(scores) - 1
