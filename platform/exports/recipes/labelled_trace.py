"""A trace with the verdict that counts, the input of every recipe."""

from typing import Any, NamedTuple


class LabelledTrace(NamedTuple):
    """A labelled trace; `earliest_error` is 0-based, -1 for none; texts are byte for byte.

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
        """Return the correction of the first wrong step; "" where its words are the same."""
        if self.is_right or same_words(self.correction, self.steps[self.earliest_error]):
            return ""
        return self.correction if self.correction.strip() else ""

    @property
    def is_contradictory(self) -> bool:
        """Return whether right steps lead to a wrong answer: one of the two labels is wrong."""
        return self.earliest_error < 0 and self.final_answer_correct is False


def same_words(one: str, other: str) -> bool:
    """Return whether the words are the same, however they are spaced."""
    return one.split() == other.split()
