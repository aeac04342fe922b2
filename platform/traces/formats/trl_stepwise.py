"""TRL's stepwise supervision: `prompt`, `completions` (the steps) and a label for each step.

Labels are true and false, or 1 and 0 with the same meaning. Other numbers are scores; the first
score below one half is the first wrong step.
"""

from collections.abc import Iterator
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    first_wrong,
    has_lists,
    has_texts,
    other_fields,
    required_list,
    steps_in,
    text,
    text_or_empty,
    type_name,
)
from traces.records import LabelRecord, RowError, TraceRecord

_USED = frozenset({"prompt", "completions", "labels", "id"})


def matches(row: Row) -> bool:
    return has_texts(row, "prompt") and has_lists(row, "completions", "labels")


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    steps = steps_in(row, "completions")
    yield TraceRecord(
        problem=text(row, "prompt"),
        steps=steps,
        id=text_or_empty(row, "id"),
        label=_label(required_list(row, "labels"), len(steps)),
        metadata=other_fields(row, _USED),
    )


def _label(labels: list[Any], count: int) -> LabelRecord:
    if len(labels) != count:
        raise RowError("labels", f"has {len(labels)} entries for {count} completions")
    for index, label in enumerate(labels):
        if type(label) not in (bool, int, float) or not 0 <= label <= 1:
            shown = label if type(label) in (int, float) else type_name(label)
            raise RowError(
                f"labels[{index}]", f"must be true, false or a number from 0 to 1, and is {shown}"
            )
    step_labels: list[int | None] = [1 if label >= 0.5 else -1 for label in labels]
    if all(label in (0, 1) for label in labels):
        return LabelRecord(first_wrong(step_labels), step_labels=step_labels)
    return LabelRecord(first_wrong(step_labels), scores=[float(label) for label in labels])


FORMAT = Format(
    name="trl-stepwise",
    title="TRL stepwise supervision",
    description="Prompt, completions and a label for each completion: true, false or a number.",
    matches=matches,
    read=read,
)
