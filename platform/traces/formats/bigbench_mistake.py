"""BIG-Bench Mistake: `input`, `steps`, `answer`, `target`, `mistake_index`.

`mistake_index` is the 0-based index of the first wrong step; null means no error, not that the row
is unlabelled. The rows have no ids and do not name their task, one of five.
"""

from collections.abc import Iterator

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    check_label,
    has_lists,
    has_texts,
    optional_text,
    other_fields,
    steps_in,
    text,
)
from traces.records import NO_ERROR, LabelRecord, TraceRecord

_USED = frozenset({"input", "steps", "answer", "target", "mistake_index"})


def matches(row: Row) -> bool:
    return has_texts(row, "input", "target") and has_lists(row, "steps") and "mistake_index" in row


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    steps = steps_in(row, "steps")
    index = row.get("mistake_index")
    answer, target = optional_text(row, "answer"), optional_text(row, "target")
    label = NO_ERROR if index is None else check_label(index, len(steps), "mistake_index")
    yield TraceRecord(
        problem=text(row, "input"),
        steps=steps,
        reference_answer=target,
        final_answer=answer,
        final_answer_correct=None if answer is None or target is None else answer == target,
        label=LabelRecord(label),
        metadata=other_fields(row, _USED),
    )


FORMAT = Format(
    name="bigbench-mistake",
    title="BIG-Bench Mistake",
    description="Five logic tasks, one file each; mistake_index is 0-based, null means no error.",
    matches=matches,
    read=read,
)
