"""A prompt and its completion as plain texts or as chat messages, the two shapes TRL's trainers
take, and a rationale as one text."""

from typing import Any, Literal

from exports.recipes.base import STEP_BREAK, Kind
from exports.recipes.labelled_trace import LabelledTrace

Shape = Literal["text", "chat"]
MESSAGES: Kind = [{"role": "string", "content": "string"}]


def kind_of(shape: Shape) -> Kind:
    return "string" if shape == "text" else MESSAGES


def prompt_in(shape: Shape, problem: str) -> Any:
    """As a text the problem ends in a blank line, so that the completion can follow as it is."""
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
    """The traces whose process and answer are right, and those with a wrong step; neither has any
    that contradict themselves or one another."""
    sound = consistent(traces)
    return [t for t in sound if t.is_right], [t for t in sound if not t.is_right]


def consistent(traces: list[LabelledTrace]) -> list[LabelledTrace]:
    """A problem's traces but those of which one of two labels must be mistaken: right steps to a
    wrong answer, and the same text called right in one trace and wrong in another."""
    sound = [trace for trace in traces if not trace.is_contradictory]
    right = {rationale(trace) for trace in sound if trace.is_right}
    wrong = {rationale(trace) for trace in sound if not trace.is_right} if right else set()
    disputed = right & wrong
    return [t for t in sound if rationale(t) not in disputed] if disputed else sound
