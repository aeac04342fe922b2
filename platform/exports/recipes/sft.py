"""Rejection sampling: the right traces alone, for supervised fine-tuning."""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from exports.recipes.base import Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.prompt_formats import (
    MESSAGES,
    Shape,
    completion_in,
    message,
    prompt_in,
    rationale,
    right_and_wrong,
)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shape: Annotated[Shape, Meta(description="Plain text or chat messages")] = "text"
    distinct: Annotated[bool, Meta(description="Each solution of a problem only once")] = True
    most: Annotated[int, Meta(ge=0, description="Maximum solutions per problem, 0 for all")] = 0


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    seen: set[str] = set()
    given = 0
    for trace in right_and_wrong(traces)[0]:
        text = rationale(trace)
        if options.distinct and text in seen:
            continue
        if options.most and given == options.most:
            return
        seen.add(text)
        given += 1
        yield {**_shaped(trace.problem, text, options), "trace_id": trace.trace_id}, (trace,)


def _shaped(problem: str, text: str, options: Options) -> dict[str, object]:
    if options.shape == "chat":
        return {"messages": [message("user", problem), message("assistant", text)]}
    return {"prompt": prompt_in("text", problem), "completion": completion_in("text", text)}


def columns(options: Options) -> dict[str, Column]:
    trace_id = Column("int64", "number of the trace in Misstep")
    if options.shape == "chat":
        return {"messages": Column(MESSAGES, "problem and solution"), "trace_id": trace_id}
    return {
        "prompt": Column("string", "the problem and a blank line"),
        "completion": Column("string", "the steps separated by blank lines"),
        "trace_id": trace_id,
    }


RECIPE = Recipe(
    name="sft",
    title="Rejection sampling (SFT)",
    description="Correct solutions only, in the formats of TRL's SFT trainer.",
    columns=columns(Options()),
    rows=rows,
    options=Options,
    shaped=columns,
)
