"""TRL's stepwise supervision: `prompt`, `completions` (the steps) and a label for each of them.

Labels are true and false, or numbers: 0 and 1 are the same as these, and others are scores, with
the first below one half as the first wrong step.
"""

from collections.abc import Iterator
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    first_wrong,
    has_lists,
    has_texts,
    kind,
    list_of,
    named,
    rest,
    steps_in,
    text,
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
        id=named(row, "id"),
        label=_label(list_of(row, "labels"), len(steps)),
        metadata=rest(row, _USED),
    )


def _label(labels: list[Any], count: int) -> LabelRecord:
    if len(labels) != count:
        raise RowError("labels", f"has {len(labels)} entries for {count} completions")
    for index, label in enumerate(labels):
        if type(label) not in (bool, int, float) or not 0 <= label <= 1:
            shown = label if type(label) in (int, float) else kind(label)
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
    description="prompt, completions and a label for each completion: true, false or a number.",
    matches=matches,
    read=read,
)
