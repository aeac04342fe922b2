"""KTO: each solution by itself, desirable or not."""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from exports.recipes.base import Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.prompt_formats import (
    Shape,
    completion_in,
    consistent,
    kind_of,
    prompt_in,
    rationale,
)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shape: Annotated[Shape, Meta(description="Plain text or chat messages")] = "text"


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    for trace in consistent(traces):
        row = {
            "prompt": prompt_in(options.shape, trace.problem),
            "completion": completion_in(options.shape, rationale(trace)),
            "label": trace.is_right,
            "trace_id": trace.trace_id,
        }
        yield row, (trace,)


def columns(options: Options) -> dict[str, Column]:
    return {
        "prompt": Column(kind_of(options.shape), "the problem"),
        "completion": Column(kind_of(options.shape), "the solution"),
        "label": Column("bool", "whether it is correct"),
        "trace_id": Column("int64", "number of the trace in Misstep"),
    }


RECIPE = Recipe(
    name="kto",
    title="KTO",
    description="Single solutions labelled correct or wrong, for TRL's KTO trainer.",
    columns=columns(Options()),
    rows=rows,
    options=Options,
    shaped=columns,
)
