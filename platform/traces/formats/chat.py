"""Conversations without labels: `messages` of role and content, as in OpenAI's API.

Each assistant message is a step. A single one without tool calls holds a whole solution, which
ReadOptions.cut splits into steps.
"""

from collections.abc import Iterator

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.conversation import conversation_in
from traces.formats.fields import check_steps, has_lists, other_fields, text_or_empty
from traces.records import TraceRecord
from traces.segmentation.split import split_steps

_USED = frozenset({"messages", "id", "model", "generator"})


def matches(row: Row) -> bool:
    if not has_lists(row, "messages") or row.get("step_labels") is not None:
        return False
    first = row["messages"][0] if row["messages"] else None
    return isinstance(first, dict) and "role" in first


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    conversation = conversation_in(row)
    steps = conversation.steps
    if len(steps) == 1 and not conversation.has_tools:
        steps = check_steps(split_steps(steps[0], options.cut, options.marker), "messages")
    yield TraceRecord(
        problem=conversation.problem,
        steps=steps,
        generator=text_or_empty(row, "generator") or text_or_empty(row, "model"),
        id=text_or_empty(row, "id"),
        metadata={
            "message_indices": conversation.places,
            "system": conversation.system,
            **other_fields(row, _USED),
        },
    )


FORMAT = Format(
    name="chat",
    title="Chat messages",
    description="Conversations without labels; each assistant message is a step.",
    matches=matches,
    read=read,
)
