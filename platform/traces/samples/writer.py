"""Sample traces as JSON Lines in Misstep's own format, one trace a line.

Every line has problem, steps, generator, id, subset, reference_answer, reference_solution,
final_answer, final_answer_correct, label (the 0-based earliest error, -1 for none), step_labels,
error_type, explanation and correction.
"""

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import orjson
import zstandard

from traces.records import LabelRecord, TraceRecord

# Fast rather than small: a million sample traces are written once and read at once.
GZIP_LEVEL = 3
ZSTD_LEVEL = 3


class Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


def write_samples(path: Path, records: Iterable[TraceRecord]) -> int:
    """Write the traces to a .jsonl, .jsonl.gz or .jsonl.zst file and return their number."""
    count = 0
    with _opened(path) as file:
        for record in records:
            file.write(orjson.dumps(row_of(record), option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    return count


def row_of(record: TraceRecord) -> dict[str, Any]:
    """Return the record as a JSON object, without the fields that samples never have."""
    label = record.label or LabelRecord(earliest_error=None)
    return {
        "id": record.id,
        "subset": record.subset,
        "generator": record.generator,
        "problem": record.problem,
        "steps": record.steps,
        "final_answer": record.final_answer,
        "final_answer_correct": record.final_answer_correct,
        "label": label.earliest_error,
        "step_labels": label.step_labels,
        "error_type": label.error_type,
        "explanation": label.explanation,
        "correction": label.correction,
        "reference_answer": record.reference_answer,
        "reference_solution": record.reference_solution,
        **record.metadata,
    }


@contextmanager
def _opened(path: Path) -> Iterator[Sink]:
    if path.suffix == ".zst":
        compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        with path.open("wb") as raw, compressor.stream_writer(raw) as packed:
            yield packed
    elif path.suffix == ".gz":
        # No file name and no time inside: the same traces make the same bytes.
        with path.open("wb") as raw, gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as packed:
            yield packed
    elif path.suffix == ".jsonl":
        with path.open("wb") as plain:
            yield plain
    else:
        raise ValueError(f"{path.name}: a sample set is written as .jsonl, .jsonl.gz or .jsonl.zst")
