"""ProcessBench: `id`, `generator`, `problem`, `steps`, `final_answer_correct`, `label`.

`label` is the 0-based index of the first wrong step, -1 for no error. The subset is the part of the
id before its number: "gsm8k-0" is in gsm8k.
"""

from collections.abc import Iterator

from traces.formats import misstep
from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    check_label,
    has_lists,
    has_texts,
    optional_bool,
    other_fields,
    steps_in,
    text,
    text_or_empty,
)
from traces.records import LabelRecord, TraceRecord

_USED = frozenset({"id", "generator", "problem", "steps", "final_answer_correct", "label"})


def matches(row: Row) -> bool:
    has_fields = has_texts(row, "id", "problem") and has_lists(row, "steps") and "label" in row
    return has_fields and not misstep.matches(row)


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    steps = steps_in(row, "steps")
    label = row.get("label")
    name = text_or_empty(row, "id")
    prefix, _, number = name.rpartition("-")
    yield TraceRecord(
        problem=text(row, "problem"),
        steps=steps,
        generator=text_or_empty(row, "generator"),
        id=name,
        subset=prefix if number.isdigit() else "",
        final_answer_correct=optional_bool(row, "final_answer_correct"),
        label=None if label is None else LabelRecord(check_label(label, len(steps), "label")),
        metadata=other_fields(row, _USED) if len(row) > len(_USED) else {},
    )


FORMAT = Format(
    name="processbench",
    title="ProcessBench",
    description="One solution a row, with the 0-based index of its first wrong step or -1.",
    matches=matches,
    read=read,
)
