"""MR-Ben: solutions by several models, their first wrong step a text that counts from 1, or "N/A".

`Model_Solution_Steps` is the solution cut at line breaks, but the label counts what the solution
itself calls "Step 1:", "Step 2:", which may run over several lines, blank ones among them. Checked
on the published rows: where the two counts part, the annotators' rewritten step says "Step 4:" and
rewrites what the solution calls so. So a trace's step is such a step with the lines that belong to
it, joined by line breaks as they were; the closing "Solution: ..." is a step too.

Solutions in code (`Solution`, and the wrong line in place of a number) are cut into lines.
"""

import re
from collections.abc import Iterator
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    check_text,
    has_texts,
    named,
    optional_text,
    rest,
    steps_in,
    text,
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
# "Step 3:", and "tep 1:" and "Step n:" as some rows have it; "Step 6.1" is a part of step 6.
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
        steps = _gathered(steps_in(row, "Model_Solution_Steps"))
    question, model = named(row, "Question_UUID"), named(row, "Sampled_Model")
    yield TraceRecord(
        problem=_problem(row),
        steps=steps,
        generator=model,
        id=f"{question}/{model}" if question else "",
        subset=named(row, "Subject"),
        reference_answer=optional_text(row, "Ground_Truth_Answer_Modified")
        or optional_text(row, "Ground_Truth_Answer"),
        reference_solution=optional_text(row, "Ground_Truth_Analysis"),
        label=LabelRecord(
            _first_error(row, steps),
            explanation=_first_text(row, _REASONS),
            correction=_first_text(row, _REWRITTEN),
        ),
        metadata=rest(row, _USED),
    )


def _problem(row: Row) -> str:
    """The question, and after a blank line the options as the row lists them."""
    options = optional_text(row, "Options")
    question = text(row, "Question")
    return f"{question}\n\n{options}" if options and not options.isspace() else question


def _gathered(lines: list[str]) -> list[str]:
    """The lines gathered into the steps that the solution names; line by line if it names none.

    What stands before the first named step belongs to it.
    """
    starts = [i for i, line in enumerate(lines) if _STEP.match(line) or _ANSWER.match(line)]
    if not any(_STEP.match(lines[i]) for i in starts):
        starts = [i for i, line in enumerate(lines) if line and not line.isspace()]
    ends = [*starts[1:], len(lines)]
    return ["\n".join(lines[a:b]) for a, b in zip([0, *starts[1:]], ends, strict=True)]


def _first_error(row: Row, steps: list[str]) -> int | None:
    """None where a solution is called incorrect and no step is named."""
    label = text(row, _LABEL).strip()
    if label.upper() == "N/A":
        return NO_ERROR if row.get(_VERDICT) != "incorrect" else None
    if not label.isdecimal():
        index = first_wrong_line(label, steps)
        if index is None:
            raise RowError(_LABEL, f"is {label[:40]!r}, and must be a step's number or N/A")
        return index
    return _step_called(int(label[:9]), steps)


def _step_called(number: int, steps: list[str]) -> int:
    """The step that calls itself so, or else the one in that place."""
    at = number - 1
    if not 0 <= at < len(steps):
        raise RowError(_LABEL, f"is {number}, and must be 1 to {len(steps)}, or N/A")
    called = [i for i, step in enumerate(steps) if _number_of(step) == number]
    return called[0] if called and at not in called else at


def _number_of(step: str) -> int | None:
    for line in step.split("\n"):
        if match := _STEP.match(line):
            return int(match[1]) if match[1].isdecimal() else None
    return None


def _first_text(row: Row, name: str) -> str:
    """The first annotator's words; all of them stay in the metadata."""
    value: Any = row.get(name)
    texts = value if isinstance(value, list) else []
    for index, words in enumerate(texts):
        if check_text(words, f"{name}[{index}]").strip():
            return str(words)
    return ""


FORMAT = Format(
    name="mr-ben",
    title="MR-Ben",
    description="Solutions by several models; the first wrong step is the one called so, from 1.",
    matches=matches,
    read=read,
)
