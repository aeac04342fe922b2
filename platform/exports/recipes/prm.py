"""Process reward models: TRL's stepwise supervision, a label after each step.

What the two choices mean. A step rated 0 (PRM800K: reasonable, but no progress) counts as right for
ProcessBench and Qwen's models and as wrong in TRL's own converter. After the first error the
correctness of a step is a matter of debate (arXiv 2412.06559): such steps are left out, or all
wrong, or labelled as the judge labelled them, up to the first that it did not.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exports.recipes.base import Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    neutral: Annotated[Literal["right", "wrong"], Meta(description="Count steps rated 0 as")] = (
        "right"
    )
    after_first_error: Annotated[
        Literal["left-out", "wrong", "as-labelled"],
        Meta(description="Steps after the first error"),
    ] = "left-out"


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    for trace in traces:
        if trace.is_contradictory:
            continue
        labels = _labels(trace, options)
        row = {
            "id": trace.external_id,
            "prompt": trace.problem,
            "completions": trace.steps[: len(labels)],
            "labels": labels,
            "trace_id": trace.trace_id,
            "verdict_id": trace.verdict_id,
        }
        yield row, (trace,)


def _labels(trace: LabelledTrace, options: Options) -> list[bool]:
    """Return a label for each kept step: up to the first error, it, and what follows.

    The verdict's `earliest_error` labels the trace; its step labels are about single steps.
    Where a neutral step counts as wrong, an earlier step can become wrong.
    """
    rated = trace.step_labels or [None] * len(trace.steps)
    wrong = (-1, 0) if options.neutral == "wrong" else (-1,)
    first = len(trace.steps) if trace.is_right else trace.earliest_error
    labels = [rating not in wrong for rating in rated[:first]]
    if trace.is_right:
        return labels
    labels.append(False)
    rest = rated[first + 1 :]
    if options.after_first_error == "wrong":
        labels += [False] * len(rest)
    elif options.after_first_error == "as-labelled":
        known = rest.index(None) if None in rest else len(rest)
        labels += [rating not in wrong for rating in rest[:known]]
    return labels


RECIPE = Recipe(
    name="prm",
    title="Process reward model (TRL stepwise supervision)",
    description="A problem, its steps and whether each step is correct.",
    columns={
        "id": Column("string", "ID of the trace in its dataset"),
        "prompt": Column("string", "the problem"),
        "completions": Column(["string"], "the steps, in order"),
        "labels": Column(["bool"], "whether each step is correct"),
        "trace_id": Column("int64", "number of the trace in Misstep"),
        "verdict_id": Column("int64", "number of the verdict that labelled it"),
    },
    rows=rows,
    options=Options,
    reads=frozenset({"external_id", "step_labels"}),
    whole_problems=False,
)
