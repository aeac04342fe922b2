"""Mistake tuning: right and wrong rationales under a prefix that says which (arXiv 2403.20046).

The paper's loss is the plain language-model loss over question, prefix and rationale, so `text` is
those three. A problem without a right trace gets its reference solution as the right rationale.
"""

from collections.abc import Iterable

from exports.recipes.base import Recipe, Row
from exports.selection import LabelledTrace

CORRECT = "[CORRECT RATIONALE]"
INCORRECT = "[INCORRECT RATIONALE]"


def rows(traces: list[LabelledTrace]) -> Iterable[tuple[str, Row]]:
    has_right = False
    for trace in traces:
        is_right = trace.earliest_error < 0
        # Right steps to a wrong answer are neither: one of the two labels is wrong.
        if is_right and trace.final_answer_correct is False:
            continue
        has_right |= is_right
        yield "train", _row(trace, "\n\n".join(trace.steps), is_right)
    first = traces[0]
    if not has_right and first.reference_solution:
        yield "train", _reference_row(first, first.reference_solution)


def _row(trace: LabelledTrace, rationale: str, is_right: bool) -> Row:
    prefix = CORRECT if is_right else INCORRECT
    return {
        "question": trace.problem,
        "prefix": prefix,
        "rationale": rationale,
        "text": f"{trace.problem}\n{prefix}\n{rationale}",
        "is_correct": is_right,
        "error_type": trace.error_type,
        "error_cause": "" if is_right else trace.explanation,
        "first_error_step": trace.earliest_error,
        "correction": trace.correction,
        "source": "trace",
        "source_trace_id": trace.trace_id,
        "source_verdict_id": trace.verdict_id,
    }


def _reference_row(trace: LabelledTrace, solution: str) -> Row:
    row = _row(trace, solution, is_right=True)
    row.update(
        error_type="",
        first_error_step=-1,
        correction="",
        source="reference solution",
        source_trace_id=None,
        source_verdict_id=None,
    )
    return row


RECIPE = Recipe(
    name="mistake-tuning",
    title="Mistake tuning",
    description="Right and wrong rationales, each under its prefix, for plain fine-tuning.",
    fields={
        "question": "the problem",
        "prefix": f"{CORRECT} or {INCORRECT}",
        "rationale": "the trace's steps with a blank line between, or the reference solution",
        "text": "question, prefix and rationale, a line break between: what is trained on",
        "is_correct": "whether the rationale is right",
        "error_type": "the kind of the first error, where the judge named it",
        "error_cause": "the judge's explanation of the first error",
        "first_error_step": "0-based index of the earliest wrong step, -1 for none",
        "correction": "how the wrong step should have read, where the judge wrote it",
        "source": "trace, or reference solution",
        "source_trace_id": "the trace's number in Misstep",
        "source_verdict_id": "the number of the verdict that labelled it",
    },
    rows=rows,
)
