"""Stage rows for an import: encode them as binary COPY into a temporary table.

The bytes are built here because psycopg's adapters take most of an import's time for rows with
arrays. Format: PostgreSQL manual, "COPY", section "Binary Format"; integers are big-endian.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from traces.hashing import hash_of, joined
from traces.imports.binary_copy import (
    NULL,
    boolean,
    exact,
    float_array,
    json_object,
    length_prefixed,
    small,
    small_array,
    text_array,
)
from traces.records import LabelRecord, RejectedRow, RowError, TraceRecord

UNKNOWN_GENERATOR = b"unknown"
# The limits of the database's small integers and of its indexes on text.
MOST_STEPS = 32_767
LONGEST_NAME = 500
# Enough to send a problem once if its traces follow each other.
CACHED_PROBLEMS = 2_000
CACHED_NAMES = 2_000
CHUNK_ROWS = 250

NO_FIRST_ERROR = "The dataset rates steps of this trace but names no first error."

# Names and types. A row with a reason is a rejected one and has only the first five values.
COLUMNS = (
    ("row", "bigint"),
    ("line", "bigint"),
    ("field", "text"),
    ("reason", "text"),
    ("excerpt", "text"),
    ("subset", "text"),
    ("problem_hash", "uuid"),
    # Null if a recent row has sent the same problem.
    ("problem", "text"),
    ("reference_answer", "text"),
    ("reference_solution", "text"),
    ("generator", "text"),
    ("generator_revision", "text"),
    ("external_id", "text"),
    ("content_hash", "uuid"),
    ("steps", "text[]"),
    ("step_count", "smallint"),
    ("final_answer", "text"),
    ("final_answer_correct", "boolean"),
    ("metadata", "jsonb"),
    # False: no verdict, and the columns after this one are null.
    ("labelled", "boolean"),
    ("earliest_error", "smallint"),
    ("scores", "double precision[]"),
    ("step_labels", "smallint[]"),
    ("error_type", "text"),
    ("explanation", "text"),
    ("correction", "text"),
    ("failure", "text"),
)
CREATE = f"CREATE TEMPORARY TABLE staged ({', '.join(f'{name} {kind}' for name, kind in COLUMNS)})"
COPY = "COPY staged FROM STDIN (FORMAT binary)"

_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TRAILER = b"\xff\xff"
# The number of columns, then row and line with their lengths.
_ROW_START = struct.Struct(">hiqiq").pack
_TRACE_START = NULL * 3  # no field, reason or excerpt
_REJECTION_END = NULL * (len(COLUMNS) - 5)
_NO_LABEL = boolean(False) + NULL * 7
_UUID_LENGTH = struct.pack(">i", 16)


@dataclass(slots=True)
class Progress:
    """The progress of an import; another thread reads it."""

    rows_read: int = 0
    rejected: int = 0


def stage(cursor: Any, rows: Iterable[TraceRecord | RejectedRow], progress: Progress) -> None:
    """Copy the rows into a new temporary table `staged`. Memory does not grow with them."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.staged")
    cursor.execute(CREATE)
    with cursor.copy(COPY) as copy:
        copy.write(_COPY_HEADER)
        copy_rows(rows, copy.write, progress)
        copy.write(_COPY_TRAILER)


def copy_rows(
    rows: Iterable[TraceRecord | RejectedRow], write: Callable[[bytes], None], progress: Progress
) -> None:
    """Write the rows in chunks of bytes, the ones that can't be encoded as rejections."""
    encoder = TraceEncoder()
    waiting: list[bytes] = []
    for number, row in enumerate(rows, start=1):
        progress.rows_read = number
        if isinstance(row, TraceRecord):
            try:
                waiting.append(encoder.encode(row, number))
            except RowError as error:
                row = _rejected(row, number, error)
        if isinstance(row, RejectedRow):
            progress.rejected += 1
            waiting.append(_encode_rejection(row, number))
        if len(waiting) >= CHUNK_ROWS:
            write(b"".join(waiting))
            waiting.clear()
    write(b"".join(waiting))


@dataclass(frozen=True, slots=True)
class Names:
    """A trace's subset and generator, encoded and as columns."""

    subset: bytes
    subset_column: bytes
    generator_columns: bytes


class TraceEncoder:
    """Encodes traces as rows of `staged`, with caches of recent names and problems."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str, str], Names] = {}
        self._problems: dict[tuple[str, str, str | None, str | None], bytes] = {}

    def encode(self, trace: TraceRecord, number: int) -> bytes:
        """Return the row's bytes. Raises RowError if the database can't hold the trace."""
        try:
            return self._encode(trace, number)
        except UnicodeEncodeError as error:
            raise RowError(
                "text",
                "holds half of a surrogate pair, which is no character; write it as proper UTF-8.",
            ) from error

    def _encode(self, trace: TraceRecord, number: int) -> bytes:
        count = len(trace.steps)
        _check(trace, count)
        names = self._names_of(trace)
        steps = joined([step.encode() for step in trace.steps])
        problem = length_prefixed(trace.problem.encode())
        content = hash_of(problem + names.generator_columns + steps)
        return b"".join(
            (
                _ROW_START(len(COLUMNS), 8, number, 8, trace.line or number),
                _TRACE_START,
                names.subset_column,
                self._problem(trace),
                names.generator_columns,
                length_prefixed(_external_id(trace, names.subset, content)),
                _UUID_LENGTH,
                content,
                text_array(trace.steps, steps),
                small(count),
                exact(trace.final_answer),
                boolean(trace.final_answer_correct),
                json_object(trace.metadata),
                _label(trace.label, count) if trace.label else _NO_LABEL,
            )
        )

    def _names_of(self, trace: TraceRecord) -> Names:
        key = (trace.subset, trace.generator, trace.generator_revision)
        cached = self._names.get(key)
        if cached is not None:
            return cached
        for field in ("subset", "generator", "generator_revision"):
            _check_name(field, getattr(trace, field))
        subset, generator, revision = (name.encode() for name in key)
        generator = generator or UNKNOWN_GENERATOR
        columns = joined([generator, revision])
        names = Names(subset, length_prefixed(subset), columns)
        if len(self._names) >= CACHED_NAMES:
            self._names.clear()
        self._names[key] = names
        return names

    def _problem(self, trace: TraceRecord) -> bytes:
        """Return the columns from problem_hash to reference_solution.

        The texts are null if a recent row has sent them.
        """
        key = (trace.problem, trace.subset, trace.reference_answer, trace.reference_solution)
        cached = self._problems.get(key)
        if cached is not None:
            return cached
        if len(self._problems) >= CACHED_PROBLEMS:
            self._problems.clear()
        name = _UUID_LENGTH + hash_of(trace.problem.encode())
        self._problems[key] = name + NULL * 3
        texts = (trace.problem, trace.reference_answer, trace.reference_solution)
        return name + b"".join([exact(text) for text in texts])


def _check(trace: TraceRecord, count: int) -> None:
    if not count:
        raise RowError("steps", "is empty; a trace has at least one step.")
    if count > MOST_STEPS:
        raise RowError("steps", f"has {count} entries; a trace has at most {MOST_STEPS}.")
    if not trace.problem:
        raise RowError("problem", "is empty; write the question that the steps answer.")
    _check_name("id", trace.id)


def _check_name(field: str, name: str) -> None:
    if "\0" in name:
        raise RowError(field, "holds the character U+0000; a name can't.")
    if len(name) > LONGEST_NAME:
        raise RowError(field, f"has {len(name)} characters; a name has at most {LONGEST_NAME}.")


def _external_id(trace: TraceRecord, subset: bytes, content: bytes) -> bytes:
    """Return the row's own id, or the hash of its content within its subset."""
    if trace.id:
        return trace.id.encode()
    digest = content.hex().encode()
    return subset + b"/" + digest if subset else digest


def _label(label: LabelRecord, count: int) -> bytes:
    failure = ""
    if label.earliest_error is None:
        if label.scores is None and label.step_labels is None:
            return _NO_LABEL
        failure = NO_FIRST_ERROR
    elif not -1 <= label.earliest_error < count:
        raise RowError(
            "label",
            f"says step {label.earliest_error}, and the trace has steps 0 to {count - 1}; "
            "-1 means no error.",
        )
    for field, entries in (("scores", label.scores), ("step_labels", label.step_labels)):
        if entries is not None and len(entries) != count:
            raise RowError(
                field, f"has {len(entries)} entries for {count} steps; give one for each step."
            )
    return b"".join(
        (
            boolean(True),
            small(label.earliest_error),
            float_array(label.scores),
            small_array(label.step_labels),
            _legible(label.error_type),
            exact(label.explanation),
            exact(label.correction),
            exact(failure),
        )
    )


def _rejected(trace: TraceRecord, number: int, error: RowError) -> RejectedRow:
    return RejectedRow(
        trace.line or number, error.field, error.reason, excerpt=trace.id or trace.problem[:200]
    )


def _encode_rejection(row: RejectedRow, number: int) -> bytes:
    texts = (row.field, row.reason, row.excerpt)
    start = _ROW_START(len(COLUMNS), 8, number, 8, row.line)
    return start + b"".join([_legible(text) for text in texts]) + _REJECTION_END


def _legible(text: str) -> bytes:
    """Return a text about a broken row, with characters that no database accepts made visible."""
    return length_prefixed(text.replace("\0", "␀").encode("utf-8", "replace"))
