"""Step-DPO: the steps before the first error, the right next step, the wrong one (2406.18629).

The right step is the correction that a judge wrote; where there is none, the next step of a right
trace that begins with the same steps. The columns are Math-Step-DPO-10K's, whose trainer joins
`prompt` and `initial_reason_steps` itself; other trainers want them joined in `prompt`.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exports.recipes.base import STEP_BREAK, Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace, same_words
from exports.recipes.prompt_formats import right_and_wrong


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prompt: Annotated[
        Literal["problem", "problem-and-steps"],
        Meta(description="Prompt: the problem (Step-DPO), or with the steps (TRL)"),
    ] = "problem"
    numbered: Annotated[bool, Meta(description="Number the steps")] = False
    from_right_traces: Annotated[
        bool, Meta(description="Use correct steps of other traces if there is no correction")
    ] = True


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    right, wrong = right_and_wrong(traces)
    for trace in wrong:
        place = trace.earliest_error
        found = _right_step(trace, right if options.from_right_traces else [])
        if found is None:
            continue
        chosen, sources = found
        before = STEP_BREAK.join(
            _step(step, number, options) for number, step in enumerate(trace.steps[:place])
        )
        before += STEP_BREAK if before else ""
        joined = options.prompt == "problem-and-steps"
        row = {
            "dataset": trace.subset,
            "prompt": trace.problem + STEP_BREAK + before if joined else trace.problem,
            "initial_reason_steps": before,
            "chosen": _step(chosen, place, options),
            "rejected": _step(trace.steps[place], place, options),
            "answer": trace.reference_answer,
            "trace_id": trace.trace_id,
        }
        yield row, sources


def _right_step(
    trace: LabelledTrace, right: list[LabelledTrace]
) -> tuple[str, tuple[LabelledTrace, ...]] | None:
    place = trace.earliest_error
    if trace.corrected_step:
        return trace.corrected_step, (trace,)
    for other in right:
        if other.steps[:place] != trace.steps[:place] or len(other.steps) <= place:
            continue
        # The same step again, right in the other trace: one of the two verdicts is mistaken.
        if not same_words(other.steps[place], trace.steps[place]):
            return other.steps[place], (trace, other)
    return None


def _step(step: str, number: int, options: Options) -> str:
    return f"Step {number + 1}: {step}" if options.numbered else step


RECIPE = Recipe(
    name="step-dpo",
    title="Step-DPO",
    description="The steps before the first error, the corrected step and the wrong one.",
    columns={
        "dataset": Column("string", "subset of the problem"),
        "prompt": Column("string", "the problem, or the problem and the steps before the error"),
        "initial_reason_steps": Column("string", "the steps before the error and a blank line"),
        "chosen": Column("string", "the corrected step"),
        "rejected": Column("string", "the first wrong step"),
        "answer": Column("string", "the reference answer, if known"),
        "trace_id": Column("int64", "number of the wrong trace in Misstep"),
    },
    rows=rows,
    options=Options,
    reads=frozenset({"subset", "correction", "reference_answer"}),
)
