"""A prompt and its completion as plain texts or as chat messages, the two shapes TRL's trainers
take, and a rationale as one text."""

from typing import Any, Literal

from exports.labelled import LabelledTrace
from exports.recipes.base import STEP_BREAK, Kind

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
    """The traces whose process and answer are right, and those with a wrong step.

    Right steps to a wrong answer are neither: one of the two labels is mistaken.
    """
    right = [t for t in traces if t.is_right and t.final_answer_correct is not False]
    return right, [t for t in traces if not t.is_right]
