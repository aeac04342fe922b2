"""What a format reads out of one row, before it becomes rows of the database.

A format's reader turns a raw row into `TraceRecord`s in Misstep's own convention: steps count
from 0, `earliest_error` is the 0-based index of the first wrong step, -1 means no error, None means
that the row carries no usable label. Text is kept as it was found, byte for byte.
"""

from dataclasses import dataclass, field
from typing import Any

NO_ERROR = -1


class RowError(ValueError):
    """A row that can't be stored: the field at fault, and a sentence saying why and what would do.

    `field` is the path inside the row, such as `steps[3]`; the container adds the line.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class LabelRecord:
    """The reference judge's finding on one trace, as a dataset gives it.

    `step_labels` has one entry a step: 1 right, 0 neutral, -1 wrong, None not labelled.
    `scores` has one entry a step where the dataset gives numbers (Monte Carlo estimates, say).
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

    `id` is the row's own id, unique within the dataset, or "" where the format has none (the
    content then names the trace). `metadata` keeps what the row says beyond these fields, as JSON.
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
    # Where it stood in its file, counted from 1; 0 lets the importer count the rows itself.
    line: int = 0


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that can't be stored: where it stands, the field at fault, what would be right.

    `line` counts from 1: the line of a file of lines, the row of any other.
    """

    line: int
    field: str
    reason: str
    excerpt: str = ""
