"""In-context sets: right and wrong answers to a problem, without saying what is wrong.

One row is one example to put before a question, for models that learn from mistakes in context
alone.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from exports.recipes.base import Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.prompt_formats import rationale, right_and_wrong


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    right: Annotated[int, Meta(ge=1, description="Maximum correct answers per problem")] = 1
    wrong: Annotated[int, Meta(ge=1, description="Maximum wrong answers per problem")] = 1
    references: Annotated[
        bool, Meta(description="Use the reference solution if no trace is correct")
    ] = True


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    right, wrong = right_and_wrong(traces)
    right, wrong = right[: options.right], wrong[: options.wrong]
    texts = [rationale(trace) for trace in right]
    solution = traces[0].reference_solution
    if not texts and options.references and solution:
        texts = [solution]
    if not (texts and wrong):
        return
    mistakes = [rationale(trace) for trace in wrong]
    row = {
        "question": traces[0].problem,
        "wrong_answers": mistakes,
        "right_answers": texts,
        "text": _example(traces[0].problem, mistakes, texts),
        "wrong_trace_ids": [trace.trace_id for trace in wrong],
        "right_trace_ids": [trace.trace_id for trace in right],
    }
    yield row, (*right, *wrong)


def _example(question: str, wrong: list[str], right: list[str]) -> str:
    parts = [f"Question: {question}"]
    parts += [f"Wrong answer: {text}" for text in wrong]
    parts += [f"Right answer: {text}" for text in right]
    return "\n\n".join(parts)


RECIPE = Recipe(
    name="in-context",
    title="In-context sets",
    description="Correct and wrong answers side by side, without an explanation of the error.",
    columns={
        "question": Column("string", "the problem"),
        "wrong_answers": Column(["string"], "wrong solutions"),
        "right_answers": Column(["string"], "correct solutions"),
        "text": Column("string", "everything as one example to prepend to a question"),
        "wrong_trace_ids": Column(["int64"], "numbers of the wrong traces in Misstep"),
        "right_trace_ids": Column(["int64"], "numbers of the correct traces; none for a reference"),
    },
    rows=rows,
    options=Options,
    reads=frozenset({"reference_solution"}),
)
