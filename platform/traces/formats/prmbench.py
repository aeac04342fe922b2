"""PRMBench: a right solution (`original_process`) and a copy of it with inserted errors.

Each row gives two traces. The changed one has the id "idx/classification", the row's `error_steps`
(from 1) as its wrong steps and the classification as its error type. Redundant steps count as
wrong, as in PRMBench. Its problem is `modified_question`. The original has no error and the subset
"original". Rows of one `idx` may share an original or have their own, so its id contains a digest
of its text: equal ids are equal traces. ReadOptions.originals = False leaves the originals out.

About a hundred rows name error steps beyond their last step. Those numbers are ignored; a row
without other numbers has no usable label. The class multi_solutions has no errors and several
solutions of a question, so its ids contain a digest too.
"""

from collections.abc import Iterator

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    digest,
    has_lists,
    has_texts,
    optional_text,
    other_fields,
    required_list,
    steps_in,
    text,
    text_or_empty,
    type_name,
)
from traces.records import NO_ERROR, LabelRecord, RowError, TraceRecord

_USED = frozenset(
    {"original_question", "modified_question", "original_process", "modified_process", "reason"}
)


def matches(row: Row) -> bool:
    return has_texts(row, "classification") and has_lists(
        row, "original_process", "modified_process", "error_steps"
    )


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    yield _modified(row)
    if options.originals:
        yield _original(row)


def _modified(row: Row) -> TraceRecord:
    steps = steps_in(row, "modified_process")
    problem = text(row, "modified_question")
    kind_of_error = text_or_empty(row, "classification")
    label = _label(row, len(steps))
    several = kind_of_error == "multi_solutions"
    name = f"{text_or_empty(row, 'idx')}/{kind_of_error}"
    return TraceRecord(
        problem=problem,
        steps=steps,
        id=f"{name}/{digest(problem, *steps)}" if several else name,
        subset=kind_of_error,
        reference_answer=optional_text(row, "ground_truth"),
        label=label,
        metadata=other_fields(row, _USED),
    )


def _original(row: Row) -> TraceRecord:
    steps = steps_in(row, "original_process")
    problem = text(row, "original_question")
    return TraceRecord(
        problem=problem,
        steps=steps,
        id=f"{text_or_empty(row, 'idx')}/original/{digest(problem, *steps)}",
        subset="original",
        reference_answer=optional_text(row, "ground_truth"),
        label=LabelRecord(NO_ERROR, step_labels=[1] * len(steps)),
        metadata={"idx": row.get("idx")},
    )


def _label(row: Row, count: int) -> LabelRecord:
    numbers = required_list(row, "error_steps")
    for index, number in enumerate(numbers):
        if type(number) is not int or number < 1:
            shown = number if type(number) is int else type_name(number)
            raise RowError(f"error_steps[{index}]", f"is {shown}, and steps count from 1")
    if not numbers:
        return LabelRecord(NO_ERROR, step_labels=[1] * count)
    wrong = {number - 1 for number in numbers if number <= count}
    return LabelRecord(
        min(wrong) if wrong else None,
        step_labels=[-1 if i in wrong else 1 for i in range(count)] if wrong else None,
        error_type=text_or_empty(row, "classification"),
        explanation=optional_text(row, "reason") or "",
    )


FORMAT = Format(
    name="prmbench",
    title="PRMBench",
    description="Right solutions and copies with errors of nine classes; error_steps from 1.",
    matches=matches,
    read=read,
)
