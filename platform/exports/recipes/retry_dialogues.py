"""Retry dialogues: wrong attempts, "try again" after each, then a right one."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exports.recipes.base import Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.prompt_formats import MESSAGES, message, rationale, right_and_wrong


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    wrong_turns: Annotated[int, Meta(ge=1, description="Maximum wrong attempts per dialogue")] = 1
    dialogues: Annotated[int, Meta(ge=1, description="Maximum dialogues per problem")] = 1
    hint: Annotated[
        Literal["none", "step"],
        Meta(description="Name the first wrong step in the reply to a wrong attempt"),
    ] = "none"


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    right, wrong = right_and_wrong(traces)
    for number in range(min(options.dialogues, len(right))):
        start = number * options.wrong_turns
        mistakes = wrong[start : start + options.wrong_turns]
        if not mistakes:
            return
        messages = [message("user", traces[0].problem)]
        for trace in mistakes:
            messages.append(message("assistant", rationale(trace)))
            messages.append(message("user", _reply(trace, options)))
        messages.append(message("assistant", rationale(right[number])))
        row = {
            "messages": messages,
            "wrong_turns": len(mistakes),
            "trace_ids": [trace.trace_id for trace in (*mistakes, right[number])],
        }
        yield row, (*mistakes, right[number])


def _reply(trace: LabelledTrace, options: Options) -> str:
    if options.hint == "none":
        return "That is not right. Try again."
    return f"That is not right: look at step {trace.earliest_error + 1}. Try again."


RECIPE = Recipe(
    name="retry",
    title="Retry dialogues",
    description="Wrong attempts with a request to try again after each, then a correct one.",
    columns={
        "messages": Column(MESSAGES, "the dialogue, from the problem to the correct solution"),
        "wrong_turns": Column("int64", "number of wrong attempts before the last"),
        "trace_ids": Column(["int64"], "numbers of the attempts in Misstep, in order"),
    },
    rows=rows,
    options=Options,
)
