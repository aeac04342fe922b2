import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal


def test_a_row_becomes_a_trace_with_its_label():
    record = read_one("processbench", row_of("processbench"))
    assert record.problem == "Ann has 2 marbles and finds 3. How many has she?"
    assert record.steps == ["She finds 3.", "2 + 3 = 6.", "So 6."]
    assert (record.id, record.subset, record.generator) == ("toys-7", "toys", "model-a")
    assert record.final_answer_correct is False
    assert record.label is not None and record.label.earliest_error == 1
    assert record.metadata == {}


def test_no_error_and_no_label_are_two_things():
    assert read_one("processbench", row_of("processbench", label=-1)).label.earliest_error == -1
    assert read_one("processbench", row_of("processbench", label=None)).label is None


def test_other_fields_stay_in_the_metadata():
    record = read_one("processbench", row_of("processbench", difficulty=3))
    assert record.metadata == {"difficulty": 3}


def test_an_id_without_a_number_has_no_subset():
    assert read_one("processbench", row_of("processbench", id="alone")).subset == ""


@pytest.mark.parametrize("label", [3, -2, 10**30])
def test_a_label_out_of_range_is_refused_with_the_range(label):
    error = refusal("processbench", row_of("processbench", label=label))
    assert error.field == "label"
    assert "0 to 2, or -1 for no error" in error.reason


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"label": True}, "label", "must be a whole number, and is true or false"),
        ({"label": "1"}, "label", "must be a whole number, and is a text"),
        ({"steps": []}, "steps", "at least one is needed"),
        ({"steps": ["", " \n"]}, "steps", "at least one is needed"),
        ({"steps": "one text"}, "steps", "must be a list of texts, and is a text"),
        ({"steps": ["a", 5]}, "steps[1]", "must be a text, and is a whole number"),
        ({"steps": ["a", "b\ud800"]}, "steps[1]", "half of a surrogate pair at character 1"),
        ({"steps": ["a"] * 40_000, "label": 0}, "steps", "at most 32,767"),
        ({"problem": ""}, "problem", "is empty"),
        ({"problem": " \n"}, "problem", "is empty"),
        ({"problem": None}, "problem", "is null"),
        ({"problem": 5}, "problem", "must be a text"),
        ({"final_answer_correct": "yes"}, "final_answer_correct", "must be true, false or null"),
    ],
)
def test_a_bad_field_is_refused_with_its_reason(changes, field, words):
    error = refusal("processbench", row_of("processbench", **changes))
    assert error.field == field
    assert words in error.reason


def test_a_missing_problem_is_refused():
    row = row_of("processbench")
    del row["problem"]
    assert refusal("processbench", row).reason == "is missing"


def test_blank_steps_among_others_and_nul_characters_stay():
    record = read_one("processbench", row_of("processbench", steps=["a\x00", "", "b"]))
    assert record.steps == ["a\x00", "", "b"]
