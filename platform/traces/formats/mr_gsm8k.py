"""MR-GSM8K: a solution's steps, its verdict, its first wrong step (from 1) and the reason."""

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
    text_or_empty,
)
from traces.records import NO_ERROR, LabelRecord, RowError, TraceRecord

_STEP = "model_output_solution_first_error_step"
_VERDICT = "model_output_solution_correctness"
_ANSWER = "model_output_answer_correctness"
_REASON = "model_output_solution_first_error_reason"
_USED = frozenset(
    {"uuid", "question", "ground_truth_solution", "ground_truth_answer", "model_output_steps"}
    | {"question_type", _STEP, _VERDICT, _ANSWER, _REASON}
)
_NONE = ("N/A", "", "0", "-1")


def matches(row: Row) -> bool:
    return has_texts(row, "question", _VERDICT) and has_lists(row, "model_output_steps")


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    steps = steps_in(row, "model_output_steps")
    reason = optional_text(row, _REASON) or ""
    yield TraceRecord(
        problem=text(row, "question"),
        steps=steps,
        id=text_or_empty(row, "uuid"),
        subset=text_or_empty(row, "question_type"),
        reference_answer=optional_text(row, "ground_truth_answer"),
        reference_solution=optional_text(row, "ground_truth_solution"),
        final_answer_correct=_is_right(row, _ANSWER) if row.get(_ANSWER) is not None else None,
        label=LabelRecord(
            _first_error(row, len(steps)), explanation="" if reason in _NONE else reason
        ),
        metadata=other_fields(row, _USED),
    )


def _first_error(row: Row, count: int) -> int | None:
    """Return the label; None if the solution is called wrong and no step is named."""
    named_step = (optional_text(row, _STEP) or "").strip()
    if named_step in _NONE:
        return NO_ERROR if _is_right(row, _VERDICT) else None
    if not named_step.isdecimal():
        raise RowError(_STEP, f"is {named_step[:40]!r}, and must be the number of a step or N/A")
    return check_label(int(named_step[:9]), count, _STEP, base=1)


def _is_right(row: Row, name: str) -> bool:
    value = row.get(name)
    if value not in ("correct", "wrong"):
        raise RowError(name, f"is {str(value)[:40]!r}, and must be 'correct' or 'wrong'")
    return bool(value == "correct")


FORMAT = Format(
    name="mr-gsm8k",
    title="MR-GSM8K",
    description="Solutions of grade school problems; the first wrong step counts from 1.",
    matches=matches,
    read=read,
)
