"""What the labels of several people come to, by a queue's rule. Pure: see `settling` for the rows.

A label is the 0-based index of the first wrong step, -1 for none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from annotations.models import Queue

Rule = Queue.Rule
# Of ProcessBench (arXiv 2412.06559, section 3.2): three experts must name the same step.
PROCESSBENCH_AGREE = 3


class Step(Enum):
    WAIT = "wait"  # for those who were asked
    ASK = "ask"  # one more person
    SETTLE = "settle"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Result:
    step: Step
    label: int | None = None


def decide(labels: Sequence[int], rule: str, *, asked: int, at_most: int) -> Result:
    """What to do after `labels`, given in this order, of `asked` people and at most `at_most`.

    single: the first label, once all asked have answered (the others measure agreement).
    majority: a label of more than half; else one more person while there may be one.
    unanimity: one label of all; nobody more could bring it about.
    processbench: a label of three; one more person while three can still come together. Of six or
    more people three may name one step and three another: that is no agreement.
    """
    if len(labels) < asked:
        return Result(Step.WAIT)
    (label, votes), *others = Counter(labels).most_common(2)
    is_tied = any(other == votes for _, other in others)
    more = at_most - len(labels)
    if rule == Rule.SINGLE:
        return Result(Step.SETTLE, labels[0])
    if rule == Rule.UNANIMITY:
        return _settled_if(votes == len(labels), label)
    if rule == Rule.MAJORITY:
        if 2 * votes <= len(labels) and more > 0:
            return Result(Step.ASK)
        return _settled_if(2 * votes > len(labels), label)
    agreed = votes >= PROCESSBENCH_AGREE and not is_tied
    if not agreed and more > 0 and votes + more >= PROCESSBENCH_AGREE:
        return Result(Step.ASK)
    return _settled_if(agreed, label)


def _settled_if(agreed: bool, label: int) -> Result:
    return Result(Step.SETTLE, label) if agreed else Result(Step.UNRESOLVED)
