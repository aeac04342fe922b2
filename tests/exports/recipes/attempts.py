"""Labelled traces without a database: attempts at one problem."""

from itertools import count
from typing import Any

from exports.recipes import RECIPES, options_from
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.recipe_examples import example_traces

_numbers = count(1000)


def right(**changes: Any) -> LabelledTrace:
    return _attempt(example_traces()[0], changes)


def wrong(**changes: Any) -> LabelledTrace:
    return _attempt(example_traces()[1], changes)


def _attempt(trace: LabelledTrace, changes: dict[str, Any]) -> LabelledTrace:
    number = next(_numbers)
    numbers = {"trace_id": number, "verdict_id": number, "external_id": f"row-{number}"}
    return trace._replace(**numbers | changes)


def made(recipe: str, *traces: LabelledTrace, **options: Any) -> list[dict[str, Any]]:
    """Return the recipe's rows for the traces; their keys are its columns in order."""
    chosen = options_from(recipe, options)
    rows = [row for row, _ in RECIPES[recipe].rows(list(traces), chosen)]
    columns = list(RECIPES[recipe].columns_for(chosen))
    assert all(list(row) == columns for row in rows)
    return rows


def sources(recipe: str, *traces: LabelledTrace, **options: Any) -> list[list[int]]:
    """Return the trace ids behind each row."""
    made_rows = RECIPES[recipe].rows(list(traces), options_from(recipe, options))
    return [[trace.trace_id for trace in used] for _, used in made_rows]
