from dataclasses import replace

import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal
from traces.formats.format_reader import read_rows
from traces.samples import generate
from traces.samples.writer import write_samples


def test_a_row_becomes_a_trace_with_its_whole_label():
    record = read_one("misstep", row_of("misstep"))
    assert (record.id, record.subset, record.generator) == ("toys-8", "toys", "toy-a")
    assert (record.final_answer, record.reference_answer) == ("2", "3")
    assert record.final_answer_correct is False
    assert record.label.earliest_error == 1
    assert record.label.step_labels == [0, -1, -1]
    assert (record.label.error_type, record.label.correction) == ("calculation", "4 - 1 = 3.")


def test_a_field_of_ones_own_is_kept_with_the_trace():
    assert read_one("misstep", row_of("misstep", mood="good")).metadata == {"mood": "good"}


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_a_sample_set_comes_back_as_it_was(tmp_path, ending):
    path = tmp_path / f"samples.{ending}"
    records = list(generate(300, 7))
    assert write_samples(path, records) == 300
    found = [replace(record, line=0) for record in read_rows(path)]
    assert found == records


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"label": 3}, "label", "0 to 2, or -1"),
        ({"step_labels": [1]}, "step_labels", "1 entries for 3 steps"),
        ({"step_labels": [1, 2, 0]}, "step_labels[1]", "must be 1, 0, -1 or null"),
        ({"steps": []}, "steps", "no step that says anything"),
    ],
)
def test_a_bad_field_is_refused(changes, field, words):
    error = refusal("misstep", row_of("misstep", **changes))
    assert error.field == field
    assert words in error.reason
