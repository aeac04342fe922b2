"""Rows in the temporary table that an import stages them in."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from traces.hashing import problem_hash, trace_hash
from traces.imports.staging import LONGEST_NAME, NO_FIRST_ERROR, Progress, copy_rows, stage
from traces.records import LabelRecord, RejectedRow, TraceRecord

RECORD = TraceRecord("What?", ["a", "b"], generator="model", id="1", subset="easy", line=4)


def staged(*rows: TraceRecord | RejectedRow) -> list[dict[str, Any]]:
    progress = Progress()
    with connection.cursor() as cursor:
        stage(cursor, rows, progress)
        cursor.execute("SELECT * FROM staged ORDER BY row")
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert progress.rows_read == len(found) == len(rows)
    assert progress.rejected == sum(row["reason"] is not None for row in found)
    return found


@pytest.mark.django_db
def test_a_trace_is_staged_with_its_hashes_and_label():
    label = LabelRecord(1, step_labels=[1, -1], scores=[0.9, 0.1], explanation="no\0")
    (row,) = staged(replace(RECORD, label=label, final_answer="4", metadata={"k": 1}))
    assert (row["row"], row["line"], row["external_id"], row["subset"]) == (1, 4, "1", "easy")
    assert row["problem_hash"] == problem_hash("What?")
    assert row["content_hash"] == trace_hash("What?", "model", "", ["a", "b"])
    assert (row["steps"], row["step_count"], row["final_answer"]) == (["a", "b"], 2, "4")
    assert (row["labelled"], row["earliest_error"], row["step_labels"]) == (True, 1, [1, -1])
    assert row["explanation"] == "no\U0010ffff0"
    assert isinstance(row["problem_hash"], UUID)


@pytest.mark.django_db
def test_a_repeated_problem_is_sent_once():
    first, second = staged(RECORD, replace(RECORD, id="2"))
    assert (first["problem"], second["problem"]) == ("What?", None)
    assert first["problem_hash"] == second["problem_hash"]


@pytest.mark.django_db
def test_a_trace_without_id_or_generator_gets_them_from_its_content():
    (row,) = staged(replace(RECORD, id="", generator=""))
    assert row["external_id"] == f"easy/{row['content_hash'].hex}"
    assert row["generator"] == "unknown"


@pytest.mark.django_db
def test_labels_of_steps_without_a_first_error_get_a_reason():
    rated, empty = staged(
        replace(RECORD, label=LabelRecord(None, step_labels=[1, None])),
        replace(RECORD, label=LabelRecord(None)),
    )
    assert (rated["labelled"], rated["earliest_error"], rated["failure"]) == (
        True,
        None,
        NO_FIRST_ERROR,
    )
    assert empty["labelled"] is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"steps": []}, "steps"),
        ({"problem": ""}, "problem"),
        ({"id": "x" * (LONGEST_NAME + 1)}, "id"),
        ({"subset": "a\0"}, "subset"),
        ({"steps": ["a\ud800"]}, "text"),
        ({"label": LabelRecord(2)}, "label"),
        ({"label": LabelRecord(0, scores=[0.5])}, "scores"),
        ({"metadata": {(1, 2): 3}}, "metadata"),
    ],
)
def test_a_trace_that_can_not_be_stored_is_rejected_with_its_line(changes: dict, field: str):
    good, bad = staged(RECORD, replace(RECORD, **changes))
    assert good["reason"] is None
    assert (bad["line"], bad["field"]) == (4, field)
    assert bad["reason"]


def test_rows_are_written_in_chunks():
    chunks: list[bytes] = []
    rows = [RejectedRow(number, "a\0", "why") for number in range(600)]
    copy_rows(rows, chunks.append, Progress())
    assert [bool(chunk) for chunk in chunks] == [True, True, True]
    assert "a␀".encode() in chunks[0]
