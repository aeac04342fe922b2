"""Examples of each recipe: a made-up problem with a right and a wrong attempt."""

from typing import Any

import msgspec

from exports.recipes.base import Recipe, Row
from exports.recipes.labelled_trace import LabelledTrace

_RIGHT = LabelledTrace(
    split="train",
    problem_id=7,
    subset="shop",
    problem="A pen costs 3 and a book 8. What do two pens and a book cost?",
    reference_answer="14",
    reference_solution="2 * 3 + 8 = 14.",
    trace_id=21,
    external_id="shop-21",
    generator="some-model",
    generator_revision="v1",
    steps=["Two pens cost 2 * 3 = 6.", "With the book it is 6 + 8 = 14."],
    final_answer="14",
    final_answer_correct=True,
    metadata={"sampling": {"temperature": 1.0, "top_p": 1.0}},
    verdict_id=31,
    judge_id=1,
    judge_kind="reference",
    earliest_error=-1,
    step_labels=[1, 1],
    error_type="",
    explanation="",
    correction="",
)
_WRONG = _RIGHT._replace(
    trace_id=22,
    external_id="shop-22",
    steps=["Two pens cost 2 * 3 = 6.", "With the book it is 6 + 8 = 15."],
    final_answer="15",
    final_answer_correct=False,
    verdict_id=32,
    earliest_error=1,
    step_labels=[1, -1],
    error_type="calculation",
    explanation="6 + 8 is 14.",
    correction="With the book it is 6 + 8 = 14.",
)


def example_traces() -> list[LabelledTrace]:
    return [_RIGHT, _WRONG]


def example_rows(recipe: Recipe, **options: Any) -> list[Row]:
    """Return the example's rows, with the recipe's default options except those given."""
    chosen = msgspec.convert(options, recipe.options)
    return [row for row, _ in recipe.rows(example_traces(), chosen)]
