"""Math-Shepherd: one text of question and steps, and the same text with a verdict on each step.

`input` has " ки" after each step, and `label` has "+" or "-" instead. The question ends before
"Step 1:"; the steps keep their "Step 1:".
"""

import re
from collections.abc import Iterator

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    check_steps,
    first_wrong,
    has_texts,
    other_fields,
    text,
    text_or_empty,
)
from traces.records import LabelRecord, RowError, TraceRecord

_MARK = "ки"
_FIRST_STEP = re.compile(r"Step\s*1\s*:")
_ANSWER = re.compile(r"The answer is:\s*(.+?)\s*\Z")
_USED = frozenset({"input", "label", "task"})


def matches(row: Row) -> bool:
    return has_texts(row, "input", "label") and _MARK in row["input"]


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    parts = text(row, "input").split(_MARK)
    verdicts = _verdicts(parts, text(row, "label"))
    begins = _FIRST_STEP.search(parts[0])
    if begins is None:
        raise RowError("input", "has no 'Step 1:', at which the question ends")
    problem = parts[0][: begins.start()].rstrip()
    if not problem:
        raise RowError("input", "has no question before 'Step 1:'")
    parts[0] = parts[0][begins.start() :]
    steps = check_steps([part.removesuffix(" ").lstrip("\n") for part in parts[:-1]], "input")
    answer = _ANSWER.search(steps[-1])
    yield TraceRecord(
        problem=problem,
        steps=steps,
        subset=text_or_empty(row, "task"),
        final_answer=answer[1] if answer else None,
        label=LabelRecord(first_wrong(verdicts), step_labels=verdicts),
        metadata=other_fields(row, _USED),
    )


def _verdicts(parts: list[str], label: str) -> list[int | None]:
    """Return 1 or -1 for each mark of the input, from the sign at its place in the label.

    Raises RowError if the label differs from the input otherwise.
    """
    verdicts: list[int | None] = []
    at = 0
    for number, part in enumerate(parts[:-1], start=1):
        sign = at + len(part)
        if not label.startswith(part, at) or label[sign : sign + 1] not in ("+", "-"):
            raise RowError(
                "label", f"must repeat input with + or - for its mark number {number}, and does not"
            )
        verdicts.append(1 if label[sign] == "+" else -1)
        at = sign + 1
    if parts[-1].strip() or label[at:].strip():
        raise RowError("input", f"must end with the mark {_MARK!r} of its last step")
    return verdicts


FORMAT = Format(
    name="math-shepherd",
    title="Math-Shepherd",
    description="Question and steps in one text, each step marked + or - by completions from it.",
    matches=matches,
    read=read,
)
