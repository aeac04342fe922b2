"""Critique fine-tuning (CFT): problem and solution in, critique out, in alpaca's columns.

The critique is put together from what the judge left: the first wrong step, its kind, why it is
wrong, how it should have read. The last line is the verdict in CFT's own words, so that it can be
read off.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from exports.recipes.base import STEP_BREAK, Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace

INSTRUCTION = (
    "Check the solution step by step. If a step is wrong, name the first wrong one, say why, and "
    "say how it should read. End with 'Conclusion: right [END]' or 'Conclusion: wrong [END]'."
)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    instruction: Annotated[str, Meta(description="Instruction")] = INSTRUCTION
    only_explained: Annotated[
        bool, Meta(description="Only wrong solutions with an explanation")
    ] = True


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    for trace in traces:
        if trace.is_contradictory:
            continue
        if options.only_explained and not trace.is_right and not trace.explanation.strip():
            continue
        steps = STEP_BREAK.join(f"Step {n}: {step}" for n, step in enumerate(trace.steps, 1))
        row = {
            "instruction": options.instruction,
            "input": f"Question:\n{trace.problem}\n\nSolution:\n{steps}",
            "output": critique_of(trace),
            "trace_id": trace.trace_id,
            "verdict_id": trace.verdict_id,
        }
        yield row, (trace,)


def critique_of(trace: LabelledTrace) -> str:
    explained = trace.explanation.strip()
    if trace.is_right:
        return f"{explained or 'Every step follows from the ones before.'}\n\n{_end('right')}"
    kind = f" ({trace.error_type})" if trace.error_type else ""
    parts = [f"The first wrong step is step {trace.earliest_error + 1}{kind}."]
    if explained:
        parts.append(explained)
    if trace.corrected_step:
        parts.append(f"It should read: {trace.corrected_step.strip()}")
    return "\n\n".join([*parts, _end("wrong")])


def _end(word: str) -> str:
    return f"Conclusion: {word} [END]"


RECIPE = Recipe(
    name="critique",
    title="Critique fine-tuning",
    description="Problem and solution in, critique out, in Alpaca's columns.",
    columns={
        "instruction": Column("string", "the instruction for the critic"),
        "input": Column("string", "the problem, and the solution with numbered steps"),
        "output": Column("string", "the critique, with the verdict in its last line"),
        "trace_id": Column("int64", "number of the trace in Misstep"),
        "verdict_id": Column("int64", "number of the verdict used"),
    },
    rows=rows,
    options=Options,
    reads=frozenset({"error_type", "explanation", "correction"}),
    whole_problems=False,
)
