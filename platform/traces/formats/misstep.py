"""The project's own rows: a record's fields by their names, as the sample sets are written.

`label` is the 0-based index of the first wrong step, -1 for none, null for an unlabelled trace;
`step_labels` has 1, 0, -1 or null for each step.
"""

from collections.abc import Iterator

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    check_label,
    has_lists,
    has_texts,
    list_of,
    named,
    optional_bool,
    optional_text,
    rest,
    steps_in,
    text,
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
        generator=named(row, "generator"),
        id=named(row, "id"),
        subset=named(row, "subset"),
        reference_answer=optional_text(row, "reference_answer"),
        reference_solution=optional_text(row, "reference_solution"),
        final_answer=optional_text(row, "final_answer"),
        final_answer_correct=optional_bool(row, "final_answer_correct"),
        label=LabelRecord(
            None if label is None else check_label(label, len(steps), "label"),
            step_labels=_step_labels(row, len(steps)),
            error_type=named(row, "error_type"),
            explanation=named(row, "explanation"),
            correction=named(row, "correction"),
        ),
        metadata=rest(row, _USED),
    )


def _step_labels(row: Row, count: int) -> list[int | None] | None:
    if row.get("step_labels") is None:
        return None
    labels = list_of(row, "step_labels")
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
