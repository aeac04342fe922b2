"""MR-Ben: solutions by several models; the first wrong step is a text, from "1" on or "N/A".

`Model_Solution_Steps` is the solution split at line breaks. But the label counts the steps that the
solution itself names "Step 1:", "Step 2:", which may span several lines, some of them blank. This
was checked on the published rows: if the two counts differ, the annotators' rewritten step begins
with the solution's own number. So a trace's step is a named step with its lines, joined by the
same line breaks. The closing "Solution: ..." is a step too.

Solutions in code (`Solution`) are split into lines, and the label is the text of the wrong line.
"""

import re
from collections.abc import Iterator
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    check_text,
    has_texts,
    optional_text,
    other_fields,
    steps_in,
    text,
    text_or_empty,
)
from traces.formats.mr_ben_code import first_wrong_line, steps_of_code
from traces.records import NO_ERROR, LabelRecord, RowError, TraceRecord

_LABEL = "Model_Solution_First_Error_Step"
_VERDICT = "Model_Solution_Correctness"
_REASONS = "Model_Solution_Error_Reason"
_REWRITTEN = "Model_Solution_Rectified_First_Error_Step"
_USED = frozenset(
    {"Question", "Options", "Subject", "Sampled_Model", "Model_Solution_Steps", "Solution"}
    | {"Ground_Truth_Analysis", "Ground_Truth_Answer_Modified", _LABEL}
)
# "Step 3:"; some rows have "tep 1:" or "Step n:". "Step 6.1" is a part of step 6.
_STEP = re.compile(r"\W*S?tep\s+(\w+)(?!\.\d)\s*[^\w\s]")
_ANSWER = re.compile(r"\s*Solution\s*:")


def matches(row: Row) -> bool:
    return has_texts(row, "Question", _LABEL) and (
        "Model_Solution_Steps" in row or "Solution" in row
    )


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    if row.get("Model_Solution_Steps") is None:
        steps = steps_of_code(text(row, "Solution"))
    else:
        steps = _group_into_steps(steps_in(row, "Model_Solution_Steps"))
    question, model = text_or_empty(row, "Question_UUID"), text_or_empty(row, "Sampled_Model")
    yield TraceRecord(
        problem=_problem(row),
        steps=steps,
        generator=model,
        id=f"{question}/{model}" if question else "",
        subset=text_or_empty(row, "Subject"),
        reference_answer=optional_text(row, "Ground_Truth_Answer_Modified")
        or optional_text(row, "Ground_Truth_Answer"),
        reference_solution=optional_text(row, "Ground_Truth_Analysis"),
        label=LabelRecord(
            _first_error(row, steps),
            explanation=_first_text(row, _REASONS),
            correction=_first_text(row, _REWRITTEN),
        ),
        metadata=other_fields(row, _USED),
    )


def _problem(row: Row) -> str:
    """Return the question and, after a blank line, the options as the row lists them."""
    options = optional_text(row, "Options")
    question = text(row, "Question")
    return f"{question}\n\n{options}" if options and not options.isspace() else question


def _group_into_steps(lines: list[str]) -> list[str]:
    """Return the lines grouped into the steps that the solution names, or else the lines.

    Lines before the first named step belong to it.
    """
    starts = [i for i, line in enumerate(lines) if _STEP.match(line) or _ANSWER.match(line)]
    if not any(_STEP.match(lines[i]) for i in starts):
        starts = [i for i, line in enumerate(lines) if line and not line.isspace()]
    ends = [*starts[1:], len(lines)]
    return ["\n".join(lines[a:b]) for a, b in zip([0, *starts[1:]], ends, strict=True)]


def _first_error(row: Row, steps: list[str]) -> int | None:
    """Return the label; None if the solution is called incorrect and no step is named."""
    label = text(row, _LABEL).strip()
    if label.upper() == "N/A":
        return NO_ERROR if row.get(_VERDICT) != "incorrect" else None
    if not label.isdecimal():
        index = first_wrong_line(label, steps)
        if index is None:
            raise RowError(_LABEL, f"is {label[:40]!r}, and must be a step's number or N/A")
        return index
    return _step_index(int(label[:9]), steps)


def _step_index(number: int, steps: list[str]) -> int:
    """Return the index of the step that names that number, or else of the step at its place."""
    at = number - 1
    if not 0 <= at < len(steps):
        raise RowError(_LABEL, f"is {number}, and must be 1 to {len(steps)}, or N/A")
    named = [i for i, step in enumerate(steps) if _number_of(step) == number]
    return named[0] if named and at not in named else at


def _number_of(step: str) -> int | None:
    for line in step.split("\n"):
        if match := _STEP.match(line):
            return int(match[1]) if match[1].isdecimal() else None
    return None


def _first_text(row: Row, name: str) -> str:
    """Return the first annotator's text that is not blank. All of them stay in the metadata."""
    value: Any = row.get(name)
    texts = value if isinstance(value, list) else []
    for index, annotation in enumerate(texts):
        if check_text(annotation, f"{name}[{index}]").strip():
            return str(annotation)
    return ""


FORMAT = Format(
    name="mr-ben",
    title="MR-Ben",
    description="Solutions by several models; the first wrong step counts from 1.",
    matches=matches,
    read=read,
)
