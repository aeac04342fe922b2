"""Prompts and completions as texts or chat messages, the two formats of TRL's trainers."""

from typing import Any, Literal

from exports.recipes.base import STEP_BREAK, Kind
from exports.recipes.labelled_trace import LabelledTrace

Shape = Literal["text", "chat"]
MESSAGES: Kind = [{"role": "string", "content": "string"}]


def kind_of(shape: Shape) -> Kind:
    return "string" if shape == "text" else MESSAGES


def prompt_in(shape: Shape, problem: str) -> Any:
    """Return the prompt; as a text it ends in a blank line, so that the completion can follow."""
    return problem + STEP_BREAK if shape == "text" else [message("user", problem)]


def completion_in(shape: Shape, text: str) -> Any:
    return text if shape == "text" else [message("assistant", text)]


def message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def rationale(trace: LabelledTrace) -> str:
    return STEP_BREAK.join(trace.steps)


def right_and_wrong(
    traces: list[LabelledTrace],
) -> tuple[list[LabelledTrace], list[LabelledTrace]]:
    """Return the traces with right steps and answer, and those with a wrong step.

    Neither has traces that contradict themselves or one another.
    """
    sound = consistent(traces)
    return [t for t in sound if t.is_right], [t for t in sound if not t.is_right]


def consistent(traces: list[LabelledTrace]) -> list[LabelledTrace]:
    """Return a problem's traces, without those with a label that must be wrong.

    Such are right steps to a wrong answer, and a text called right in one trace and wrong in
    another.
    """
    sound = [trace for trace in traces if not trace.is_contradictory]
    right = {rationale(trace) for trace in sound if trace.is_right}
    wrong = {rationale(trace) for trace in sound if not trace.is_right} if right else set()
    disputed = right & wrong
    return [t for t in sound if rationale(t) not in disputed] if disputed else sound
