"""AgentProcessBench: tool-using conversations, with a label for each assistant message.

`step_labels` is keyed by the message's index among all messages: 1 right, 0 neutral, -1 wrong. The
steps are the assistant messages, so that step i is message `metadata["message_indices"][i]`. The
first -1 is the earliest error. `final_label` is 1 if the final answer is right.
"""

from collections.abc import Iterator

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.conversation import conversation_in
from traces.formats.fields import (
    answer_text,
    as_object,
    first_wrong,
    has_lists,
    optional_text,
    other_fields,
    text_or_empty,
    type_name,
)
from traces.records import LabelRecord, RowError, TraceRecord

_USED = frozenset({"messages", "step_labels", "answer_text", "final_label", "data_source"})


def matches(row: Row) -> bool:
    return has_lists(row, "messages") and isinstance(row.get("step_labels"), dict)


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    conversation = conversation_in(row)
    labels = _labels(as_object(row.get("step_labels"), "step_labels"), conversation.places)
    source, number = text_or_empty(row, "data_source"), text_or_empty(row, "total_index")
    yield TraceRecord(
        problem=conversation.problem,
        steps=conversation.steps,
        id=f"{source}/{number}" if number else "",
        subset=source,
        reference_answer=_reference(row),
        final_answer=optional_text(row, "answer_text"),
        final_answer_correct=_final(row),
        label=LabelRecord(first_wrong(labels), step_labels=labels),
        metadata={
            "message_indices": conversation.places,
            "system": conversation.system,
            **other_fields(row, _USED),
        },
    )


def _labels(labels_by_message: Row, places: list[int]) -> list[int | None]:
    """Return a label for each step, None for a step without one."""
    labels: list[int | None] = [None] * len(places)
    for key, label in labels_by_message.items():
        name = f"step_labels.{key}"
        if label is None:  # a Parquet file gives every row the keys of all rows
            continue
        if not key.isdecimal() or int(key[:9]) not in places:
            raise RowError(name, "must be keyed by the index of an assistant message")
        if type(label) is not int or label not in (-1, 0, 1):
            shown = label if type(label) is int else type_name(label)
            raise RowError(name, f"must be 1, 0 or -1, and is {shown}")
        labels[places.index(int(key[:9]))] = label
    return labels


def _final(row: Row) -> bool | None:
    value = row.get("final_label")
    if value is None:
        return None
    if type(value) is not int or value not in (-1, 0, 1):
        raise RowError("final_label", f"must be 1, 0 or -1, and is {type_name(value)}")
    return value == 1


def _reference(row: Row) -> str | None:
    """Return the answer if the row gives exactly one. All of them stay in the metadata."""
    truth = row.get("ground_truth")
    targets = truth.get("target") if isinstance(truth, dict) else truth
    if isinstance(targets, list):
        targets = targets[0] if len(targets) == 1 else None
    simple = isinstance(targets, str | int | float) and not isinstance(targets, bool)
    return answer_text(targets, "ground_truth") if simple else None


FORMAT = Format(
    name="agentprocessbench",
    title="AgentProcessBench",
    description="Tool-using conversations; each assistant message is a step labelled 1, 0 or -1.",
    matches=matches,
    read=read,
)
