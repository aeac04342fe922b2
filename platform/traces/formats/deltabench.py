"""DeltaBench: a long chain of thought in sections, with the numbers of the wrong sections.

The sections are the trace's steps and count from 1 in `reason_error_section_numbers`. Sections
after the annotator stopped are not labelled. `reason_unuseful_section_numbers` are not errors: they
stay in the metadata with the annotators' other fields.
"""

from collections.abc import Iterator
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    as_object,
    check_steps,
    has_lists,
    has_texts,
    optional_list,
    optional_text,
    other_fields,
    required_list,
    text,
    text_or_empty,
    type_name,
)
from traces.records import NO_ERROR, LabelRecord, RowError, TraceRecord

_ERRORS = "reason_error_section_numbers"
_INFO = "sections_labeled_info"
_USED = frozenset(
    {"id", "question", "solution", "answer", "task_l1", "long_cot", "sections"}
    | {"sections_content", "final_correct", "error_type"}
)
_LABELS = {"0": 1, "1": -1}


def matches(row: Row) -> bool:
    return has_texts(row, "question") and has_lists(row, "sections", _ERRORS)


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    sections = [
        as_object(s, f"sections[{i}]") for i, s in enumerate(required_list(row, "sections"))
    ]
    steps = check_steps([section.get("content") for section in sections], "sections")
    metadata = other_fields(row, _USED)
    metadata["sections"] = [other_fields(section, frozenset({"content"})) for section in sections]
    yield TraceRecord(
        problem=text(row, "question"),
        steps=steps,
        id=text_or_empty(row, "id"),
        subset=text_or_empty(row, "task_l1"),
        reference_answer=optional_text(row, "answer"),
        reference_solution=optional_text(row, "solution"),
        final_answer_correct=_final_correct(row),
        label=_label(row, len(steps)),
        metadata=metadata,
    )


def _label(row: Row, count: int) -> LabelRecord:
    numbers = required_list(row, _ERRORS)
    for index, number in enumerate(numbers):
        if type(number) is not int or not 1 <= number <= count:
            shown = number if type(number) is int else type_name(number)
            raise RowError(f"{_ERRORS}[{index}]", f"is {shown}, and must be 1 to {count}")
    first = min(numbers) - 1 if numbers else NO_ERROR
    annotation = _annotation_of(row, first + 1)
    return LabelRecord(
        first,
        step_labels=_step_labels(row, numbers, count),
        error_type=text_or_empty(row, "error_type") if numbers else "",
        explanation=optional_text(annotation, "explanation") or "",
        correction=optional_text(annotation, "correction") or "",
    )


def _step_labels(row: Row, wrong: list[int], count: int) -> list[int | None]:
    labels: list[int | None] = [None] * count
    for info in optional_list(row, _INFO):
        number = info.get("section_number") if isinstance(info, dict) else None
        if type(number) is int and 1 <= number <= count:
            labels[number - 1] = _LABELS.get(str(info.get("reasoning_correctness")))
    for number in wrong:
        labels[number - 1] = -1
    return labels


def _annotation_of(row: Row, number: int) -> dict[str, Any]:
    """Return the annotators' fields for the section of that number, or an empty object."""
    for info in optional_list(row, _INFO):
        if isinstance(info, dict) and info.get("section_number") == number:
            return info
    return {}


def _final_correct(row: Row) -> bool | None:
    value = row.get("final_correct")
    if value is None:
        return None
    if value not in (0, 1):
        raise RowError("final_correct", f"must be 0 or 1, and is {type_name(value)}")
    return bool(value)


FORMAT = Format(
    name="deltabench",
    title="DeltaBench",
    description="Long chains of thought in sections; the wrong sections count from 1.",
    matches=matches,
    read=read,
)
