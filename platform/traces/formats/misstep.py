"""Misstep's own format: the fields of a record by their names, as in the sample sets.

`label` is the 0-based index of the first wrong step, -1 for none, null for an unlabelled trace.
`step_labels` has 1, 0, -1 or null for each step.
"""

from collections.abc import Iterator

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    check_label,
    has_lists,
    has_texts,
    optional_bool,
    optional_text,
    other_fields,
    required_list,
    steps_in,
    text,
    text_or_empty,
)
from traces.records import LabelRecord, RowError, TraceRecord

_USED = frozenset(
    {"id", "subset", "generator", "problem", "steps", "final_answer", "final_answer_correct"}
    | {"label", "step_labels", "error_type", "explanation", "correction"}
    | {"reference_answer", "reference_solution"}
)
_STEP_LABELS = (1, 0, -1, None)


def matches(row: Row) -> bool:
    return (
        has_texts(row, "problem", "error_type", "explanation", "correction")
        and has_lists(row, "steps")
        and "step_labels" in row
        and "label" in row
    )


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    steps = steps_in(row, "steps")
    label = row.get("label")
    yield TraceRecord(
        problem=text(row, "problem"),
        steps=steps,
        generator=text_or_empty(row, "generator"),
        id=text_or_empty(row, "id"),
        subset=text_or_empty(row, "subset"),
        reference_answer=optional_text(row, "reference_answer"),
        reference_solution=optional_text(row, "reference_solution"),
        final_answer=optional_text(row, "final_answer"),
        final_answer_correct=optional_bool(row, "final_answer_correct"),
        label=LabelRecord(
            None if label is None else check_label(label, len(steps), "label"),
            step_labels=_step_labels(row, len(steps)),
            error_type=text_or_empty(row, "error_type"),
            explanation=text_or_empty(row, "explanation"),
            correction=text_or_empty(row, "correction"),
        ),
        metadata=other_fields(row, _USED),
    )


def _step_labels(row: Row, count: int) -> list[int | None] | None:
    if row.get("step_labels") is None:
        return None
    labels = required_list(row, "step_labels")
    if len(labels) != count:
        raise RowError("step_labels", f"has {len(labels)} entries for {count} steps")
    for index, label in enumerate(labels):
        if not (label is None or type(label) is int) or label not in _STEP_LABELS:
            raise RowError(f"step_labels[{index}]", "must be 1, 0, -1 or null")
    return labels


FORMAT = Format(
    name="misstep",
    title="Misstep",
    description="The project's own rows, with labels, error type, explanation and correction.",
    matches=matches,
    read=read,
)
