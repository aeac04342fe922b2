"""Mistake tuning: right and wrong rationales, each under its prefix (arXiv 2403.20046).

The paper's loss is the plain language-model loss over question, prefix and rationale, so `text` is
those three. The right rationale of a problem is each of its right traces; where there is none, a
trace whose wrong last step was corrected, carried to its end by the correction; where there is none
either, the reference solution.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from exports.recipes.base import STEP_BREAK, Column, Made, Recipe, Row
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.prompt_formats import rationale, right_and_wrong

CORRECT = "[CORRECT RATIONALE]"
INCORRECT = "[INCORRECT RATIONALE]"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prefixes: Annotated[
        bool, Meta(description="The text states whether the rationale is correct")
    ] = True
    corrected: Annotated[bool, Meta(description="Use corrected traces if no trace is correct")] = (
        True
    )
    references: Annotated[
        bool, Meta(description="Use the reference solution if there is nothing else")
    ] = True
    only_with_both: Annotated[
        bool, Meta(description="Only problems with a correct and a wrong rationale")
    ] = False


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    found, wrong = right_and_wrong(traces)
    right = list(_right(traces[0], found, wrong, options))
    if options.only_with_both and not (right and wrong):
        return
    yield from right
    for trace in wrong:
        yield _row(trace, rationale(trace), options, source="trace"), (trace,)


def _right(
    first: LabelledTrace,
    right: list[LabelledTrace],
    wrong: list[LabelledTrace],
    options: Options,
) -> Iterable[Made]:
    """Return the problem's right rationales; every trace has its reference, such as `first`."""
    for trace in right:
        yield _row(trace, rationale(trace), options, source="trace"), (trace,)
    if right:
        return
    corrected = [t for t in wrong if options.corrected and _is_carried_to_its_end(t)]
    for trace in corrected:
        mended = STEP_BREAK.join([*trace.steps[:-1], trace.corrected_step])
        yield _right_row(trace, mended, options, source="corrected"), (trace,)
    solution = first.reference_solution
    if options.references and not corrected and solution:
        row = _right_row(first, solution, options, source="reference")
        yield {**row, "source_trace_id": None, "source_verdict_id": None}, ()


def _is_carried_to_its_end(trace: LabelledTrace) -> bool:
    """Return whether only the last step is wrong, and it has a correction."""
    return trace.earliest_error == len(trace.steps) - 1 and bool(trace.corrected_step)


def _row(trace: LabelledTrace, text: str, options: Options, *, source: str) -> Row:
    prefix = CORRECT if trace.is_right else INCORRECT
    return {
        "question": trace.problem,
        "prefix": prefix,
        "rationale": text,
        "text": _text(trace.problem, prefix if options.prefixes else "", text),
        "is_correct": trace.is_right,
        "error_type": trace.error_type,
        "error_cause": "" if trace.is_right else trace.explanation,
        "first_error_step": trace.earliest_error,
        "correction": trace.correction,
        "source": source,
        "source_trace_id": trace.trace_id,
        "source_verdict_id": trace.verdict_id,
    }


def _right_row(trace: LabelledTrace, text: str, options: Options, *, source: str) -> Row:
    sound = trace._replace(earliest_error=-1, error_type="", explanation="", correction="")
    return _row(sound, text, options, source=source)


def _text(question: str, prefix: str, text: str) -> str:
    return f"{question}\n{prefix}\n{text}" if prefix else f"{question}\n{text}"


RECIPE = Recipe(
    name="mistake-tuning",
    title="Mistake tuning",
    description="Correct and wrong rationales with a prefix each, for plain fine-tuning.",
    columns={
        "question": Column("string", "the problem"),
        "prefix": Column("string", f"{CORRECT} or {INCORRECT}"),
        "rationale": Column("string", "the steps separated by blank lines, or the reference"),
        "text": Column("string", "question, prefix and rationale, one per line: the training text"),
        "is_correct": Column("bool", "whether the rationale is correct"),
        "error_type": Column("string", "type of the first error, if the judge named it"),
        "error_cause": Column("string", "the judge's explanation of the first error"),
        "first_error_step": Column("int64", "0-based index of the first wrong step, -1 for none"),
        "correction": Column("string", "the corrected step, if there is one"),
        "source": Column("string", "source of the rationale: trace, corrected or reference"),
        "source_trace_id": Column("int64", "number of the trace in Misstep; null for a reference"),
        "source_verdict_id": Column("int64", "number of the verdict that labelled it"),
    },
    rows=rows,
    options=Options,
    reads=frozenset({"error_type", "explanation", "correction", "reference_solution"}),
)
