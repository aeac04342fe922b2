"""The final answer as the judge: right, or wrong in the step that states it.

It knows nothing of the steps before. For a wrong answer it names the last step, which states the
false answer; the first wrong step may be earlier. Process judges are compared with it.
"""

from collections.abc import Sequence

from inference.backends.final_answer.equivalence import same_answer
from inference.backends.final_answer.extraction import extract_answer
from inference.backends.interface import NO_ERROR, Finding, Recipe, TraceText


class FinalAnswerBackend:
    """Needs no model, and for each trace the reference answer of its problem."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        return [_finding(trace) for trace in traces]


def _finding(trace: TraceText) -> Finding:
    reference = (trace.reference_answer or "").strip()
    if not reference:
        return Finding(None, failure="The problem has no reference answer to compare with.")
    answer = (trace.final_answer or "").strip() or extract_answer(trace.steps[-1])
    if not answer:
        return Finding(None, failure="The last step states no final answer that can be told.")
    if same_answer(answer, reference):
        return Finding(NO_ERROR, final_answer_correct=True)
    return Finding(
        len(trace.steps) - 1,
        explanation=f"The answer is given as {answer}; the reference answer is {reference}.",
        final_answer_correct=False,
    )
