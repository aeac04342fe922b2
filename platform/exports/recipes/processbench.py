"""ProcessBench: one object a trace, as in the data of arXiv 2412.06559; a split a subset."""

from collections.abc import Iterable

from exports.recipes.base import Column, Made, NoOptions, Recipe
from exports.recipes.labelled_trace import LabelledTrace


def rows(traces: list[LabelledTrace], options: NoOptions) -> Iterable[Made]:
    for trace in traces:
        row = {
            "id": trace.external_id,
            "generator": trace.generator,
            "problem": trace.problem,
            "steps": trace.steps,
            "final_answer_correct": trace.final_answer_correct,
            "label": trace.earliest_error,
        }
        yield row, (trace,)


RECIPE = Recipe(
    name="processbench",
    title="ProcessBench",
    description="The benchmark's JSONL: steps and the index of the first error.",
    columns={
        "id": Column("string", "ID of the trace in its dataset"),
        "generator": Column("string", "generator of the trace"),
        "problem": Column("string", "the question"),
        "steps": Column(["string"], "the trace's steps, in order"),
        "final_answer_correct": Column(
            "bool", "whether the final answer is correct; null: unknown"
        ),
        "label": Column("int64", "0-based index of the first wrong step, -1 for none"),
    },
    rows=rows,
    reads=frozenset({"subset", "external_id", "generator"}),
    for_training=False,
    whole_problems=False,
    splits_by_subset=True,
)
