"""ProcessBench: one object a trace, as in the data of arXiv 2412.06559. A split a subset."""

import re
from collections.abc import Iterable

from exports.recipes.base import Recipe, Row
from exports.selection import LabelledTrace


def split_name(subset: str) -> str:
    """`subset` as the datasets library takes a split's name: letters, digits, underscores."""
    return re.sub(r"\W+", "_", subset, flags=re.ASCII).strip("_") or "train"


def rows(traces: list[LabelledTrace]) -> Iterable[tuple[str, Row]]:
    for trace in traces:
        yield (
            split_name(trace.subset),
            {
                "id": trace.external_id,
                "generator": trace.generator,
                "problem": trace.problem,
                "steps": trace.steps,
                "final_answer_correct": trace.final_answer_correct,
                "label": trace.earliest_error,
            },
        )


RECIPE = Recipe(
    name="processbench",
    title="ProcessBench",
    description="The benchmark's own JSONL: steps and the index of the earliest error.",
    fields={
        "id": "the trace's id in its dataset",
        "generator": "who made the trace",
        "problem": "the question",
        "steps": "the trace's steps, in order",
        "final_answer_correct": "whether the final answer is right; null where unknown",
        "label": "0-based index of the earliest wrong step, -1 for none",
    },
    rows=rows,
)
