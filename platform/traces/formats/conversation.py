"""Chat messages as a problem and steps: a step is an assistant message and the replies to it.

The problem is the user's text before the assistant's first message. A step's text is the message's
own text, its tool calls, and then the tools' results and the user's replies, each under a heading
in square brackets. So the steps contain everything that the model saw.
"""

from dataclasses import dataclass
from typing import Any

from traces.formats.contract import Row
from traces.formats.fields import as_object, check_steps, check_text, optional_list, required_list
from traces.records import RowError

_SYSTEM = ("system", "developer")
_RESULT = ("tool", "function")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A problem and steps; `places[i]` is the index of step i among the messages."""

    problem: str
    system: str
    steps: list[str]
    places: list[int]
    has_tools: bool


def conversation_in(row: Row) -> Conversation:
    """Return the conversation in the row's `messages`. Raises RowError."""
    problem: list[str] = []
    system: list[str] = []
    steps: list[list[str]] = []
    places: list[int] = []
    has_tools = False
    for index, value in enumerate(required_list(row, "messages")):
        place = f"messages[{index}]"
        message = as_object(value, place)
        role = check_text(message.get("role"), f"{place}.role")
        if role == "assistant":
            steps.append(_assistant_parts(message, place))
            places.append(index)
            has_tools = has_tools or bool(message.get("tool_calls"))
        elif role in _SYSTEM:
            system.append(content_of(message, place))
        elif role == "user" or role in _RESULT:
            content = content_of(message, place)
            if steps:
                steps[-1].append(f"{_heading(message, role)}\n{content}")
            elif role == "user":
                problem.append(content)
            has_tools = has_tools or role in _RESULT
        else:
            roles = "system, developer, user, assistant, tool or function"
            raise RowError(f"{place}.role", f"is {role[:40]!r}, and must be {roles}")
    if not "".join(problem).strip():
        raise RowError("messages", "has no user message with a text before the assistant's first")
    if not steps:
        raise RowError("messages", "has no assistant message, so that there are no steps")
    texts = check_steps(["\n\n".join(filter(None, parts)) for parts in steps], "messages")
    return Conversation("\n\n".join(problem), "\n\n".join(system), texts, places, has_tools)


def _assistant_parts(message: Row, place: str) -> list[str]:
    """Return the assistant's reasoning if given, its text, and its tool calls."""
    thought = message.get("reasoning_content")
    parts = [check_text(thought, f"{place}.reasoning_content")] if thought else []
    parts.append(content_of(message, place))
    for number, call in enumerate(optional_list(message, "tool_calls", place)):
        name = f"{place}.tool_calls[{number}].function"
        function = as_object(as_object(call, name).get("function"), name)
        called = check_text(function.get("name"), f"{name}.name")
        parts.append(f"[tool call: {called}]\n{_arguments(function.get('arguments'))}")
    return parts


def _arguments(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _heading(message: Row, role: str) -> str:
    if role == "user":
        return "[user]"
    name = message.get("name")
    return f"[tool result: {name}]" if isinstance(name, str) and name else "[tool result]"


def content_of(message: Row, place: str) -> str:
    """Return a message's text; parts that are not text are named in square brackets."""
    content = message.get("content")
    if content is None:
        return ""
    if type(content) is not list:
        return check_text(content, f"{place}.content")
    parts = []
    for index, value in enumerate(content):
        part = as_object(value, f"{place}.content[{index}]")
        if part.get("text") is None:
            parts.append(f"[{part.get('type', 'part')}]")
        else:
            parts.append(check_text(part["text"], f"{place}.content[{index}].text"))
    return "\n".join(parts)
