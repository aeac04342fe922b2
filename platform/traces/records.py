"""The records that a format reads from one row, before they are stored.

A format's reader turns a raw row into `TraceRecord`s in Misstep's own convention: steps count
from 0, `earliest_error` is the 0-based index of the first wrong step, -1 means no error, None means
that the row has no usable label. Text is kept byte for byte.
"""

from dataclasses import dataclass, field
from typing import Any

NO_ERROR = -1


class RowError(ValueError):
    """A row that can't be stored: the field at fault, and the reason with what would be right.

    `field` is the path inside the row, such as `steps[3]`. The container adds the line.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class LabelRecord:
    """The reference judge's finding on one trace, as a dataset gives it.

    `step_labels` has one entry a step: 1 right, 0 neutral, -1 wrong, None not labelled.
    `scores` has one entry a step if the dataset gives numbers, such as Monte Carlo estimates.
    """

    earliest_error: int | None
    step_labels: list[int | None] | None = None
    scores: list[float] | None = None
    error_type: str = ""
    explanation: str = ""
    correction: str = ""


@dataclass(slots=True)
class TraceRecord:
    """One trace with its problem, as read from a file.

    `id` is the row's own id, unique within the dataset, or "" if the format has none; the content
    hash then names the trace. `metadata` keeps the row's other fields as JSON.
    """

    problem: str
    steps: list[str]
    generator: str = ""
    generator_revision: str = ""
    id: str = ""
    subset: str = ""
    reference_answer: str | None = None
    reference_solution: str | None = None
    final_answer: str | None = None
    final_answer_correct: bool | None = None
    label: LabelRecord | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    # Its place in the file, counted from 1; 0 lets the importer count the rows itself.
    line: int = 0


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that can't be stored: its place, the field at fault, and the reason.

    `line` counts from 1: the line in a file of lines, the row in any other file.
    """

    line: int
    field: str
    reason: str
    excerpt: str = ""
