"""A trace with the verdict that counts: what recipes make their rows of."""

from typing import Any, NamedTuple


class LabelledTrace(NamedTuple):
    """`earliest_error` is 0-based, -1 for none; the texts are as they came in, byte for byte.

    `split` is the part of the export that the trace's problem falls into. `step_labels` (1 right, 0
    neutral, -1 wrong, None not labelled) has an entry a step, or is None. The fields with defaults
    are read only for the recipes whose `reads` names them.
    """

    split: str
    problem_id: int
    problem: str
    trace_id: int
    steps: list[str]
    final_answer_correct: bool | None
    verdict_id: int
    earliest_error: int
    subset: str = ""
    external_id: str = ""
    generator: str = ""
    generator_revision: str = ""
    step_labels: list[int | None] | None = None
    error_type: str = ""
    explanation: str = ""
    correction: str = ""
    reference_answer: str | None = None
    reference_solution: str | None = None
    judge_id: int = 0
    judge_kind: str = ""
    final_answer: str | None = None
    # One for all where it is not read, and never written to.
    metadata: dict[str, Any] = {}

    @property
    def is_right(self) -> bool:
        return self.earliest_error < 0

    @property
    def corrected_step(self) -> str:
        """How the first wrong step should have read; "" where nobody wrote any other words."""
        if self.is_right or same_words(self.correction, self.steps[self.earliest_error]):
            return ""
        return self.correction if self.correction.strip() else ""

    @property
    def is_contradictory(self) -> bool:
        """Right steps to a wrong answer: one of the two labels is mistaken."""
        return self.earliest_error < 0 and self.final_answer_correct is False


def same_words(one: str, other: str) -> bool:
    """The same words, however they are spaced."""
    return one.split() == other.split()
