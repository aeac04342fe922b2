"""Baselines: the F1 that a judge reaches without reading a step.

A score below them says nothing about reading. Both choose their constant with the labels known, so
they are the best of their kind.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from metrics.stats.processbench import f1
from traces.records import NO_ERROR


@dataclass(frozen=True, slots=True)
class LabelCount:
    """Number of traces with this label (0-based, -1 for none) and this final answer."""

    label: int
    final_answer_correct: bool | None
    traces: int


@dataclass(frozen=True, slots=True)
class Baselines:
    """Baselines' F1 in percent; None where undefined.

    The second is also None where a final answer was not judged.
    """

    constant: float | None
    final_answer: float | None


def baselines(counts: Iterable[LabelCount]) -> Baselines:
    """Return both baselines of one subset."""
    rows = list(counts)
    return Baselines(constant=constant_baseline(rows), final_answer=knows_final_answer(rows))


def constant_baseline(counts: Iterable[LabelCount]) -> float | None:
    """Return the best F1 of an answer that ignores the trace.

    Answering -1 with probability p and else the most frequent step, whose share of the erroneous
    traces is q, is right on 1 - p times q of the erroneous and on p of the correct ones. The
    harmonic mean of the two is largest at p = √q / (1 + √q), and there it is 2q / (1 + √q)².
    """
    steps, correct = _split(counts)
    if not steps or not correct:
        return None
    share = max(steps.values()) / steps.total()
    return 100 * 2 * share / (1 + sqrt(share)) ** 2


def knows_final_answer(counts: Iterable[LabelCount]) -> float | None:
    """Return the F1 of -1 for a right final answer and else the most frequent step."""
    rows = list(counts)
    if any(row.final_answer_correct is None for row in rows):
        return None
    steps, correct = _split(rows)
    if not steps or not correct:
        return None
    wrong_steps, wrong_correct = _split(row for row in rows if not row.final_answer_correct)
    found = max(wrong_steps.values(), default=0)
    return f1(found / steps.total() * 100, (correct - wrong_correct) / correct * 100)


def _split(counts: Iterable[LabelCount]) -> tuple[Counter[int], int]:
    """Return the traces by step of the first error, and the number without one."""
    steps: Counter[int] = Counter()
    correct = 0
    for row in counts:
        if row.label == NO_ERROR:
            correct += row.traces
        else:
            steps[row.label] += row.traces
    return steps, correct
