"""DPO: a right and a wrong solution of the same problem."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from exports.recipes.base import Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.prompt_formats import (
    Shape,
    completion_in,
    kind_of,
    prompt_in,
    rationale,
    right_and_wrong,
)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shape: Annotated[Shape, Meta(description="Plain text or chat messages")] = "text"
    pairs: Annotated[int, Meta(ge=1, description="Maximum pairs per problem")] = 1
    same_generator: Annotated[bool, Meta(description="Pair only traces by the same generator")] = (
        False
    )


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    for right, wrong in islice(_pairs(traces, options), options.pairs):
        row = {
            "prompt": prompt_in(options.shape, right.problem),
            "chosen": completion_in(options.shape, rationale(right)),
            "rejected": completion_in(options.shape, rationale(wrong)),
            "chosen_trace_id": right.trace_id,
            "rejected_trace_id": wrong.trace_id,
        }
        yield row, (right, wrong)


def _pairs(
    traces: list[LabelledTrace], options: Options
) -> Iterator[tuple[LabelledTrace, LabelledTrace]]:
    """Yield every pairing: each right trace with its own wrong one first, then the next."""
    right, wrong = right_and_wrong(traces)
    for shift in range(len(wrong)):
        for place, trace in enumerate(right):
            other = wrong[(place + shift) % len(wrong)]
            if not options.same_generator or _maker(trace) == _maker(other):
                yield trace, other


def _maker(trace: LabelledTrace) -> tuple[str, str]:
    return trace.generator, trace.generator_revision


def columns(options: Options) -> dict[str, Column]:
    kind = kind_of(options.shape)
    return {
        "prompt": Column(kind, "the problem"),
        "chosen": Column(kind, "a correct solution"),
        "rejected": Column(kind, "a wrong solution"),
        "chosen_trace_id": Column("int64", "number of the correct trace in Misstep"),
        "rejected_trace_id": Column("int64", "number of the wrong trace in Misstep"),
    }


RECIPE = Recipe(
    name="dpo",
    title="DPO",
    description="A correct and a wrong solution of the same problem, for TRL's DPO trainer.",
    columns=columns(Options()),
    rows=rows,
    reads=frozenset({"generator", "generator_revision"}),
    options=Options,
    shaped=columns,
)
