import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal

NESTED = {
    "task": {"question": "What is 2 + 3?", "gold": 5},
    "outputs": [{"model": "model-d", "lines": ["Add.", "It is 6.", "So 6."]}],
    "judgement": {"first": "2", "why": "The sum is 5."},
    "key": 17,
}
MAPPING = {
    "problem": "task.question",
    "reference_answer": "task.gold",
    "steps": "outputs.0.lines",
    "generator": "outputs.0.model",
    "label": "judgement.first",
    "explanation": "judgement.why",
    "id": "key",
}


def test_a_text_is_cut_and_the_rest_kept():
    record = read_one("general", row_of("general"))
    assert record.steps == ["Add.", "It is 5."]
    assert record.label is None
    assert record.metadata == {"source": "a drawer"}


def test_a_mapping_reaches_into_nested_fields():
    record = read_one("general", NESTED, mapping=MAPPING, label_base=1)
    assert record.problem == "What is 2 + 3?"
    assert record.steps == ["Add.", "It is 6.", "So 6."]
    assert (record.generator, record.id, record.reference_answer) == ("model-d", "17", "5")
    assert record.label.earliest_error == 1
    assert record.label.explanation == "The sum is 5."
    assert record.metadata == {}


@pytest.mark.parametrize(
    ("label", "base", "earliest"),
    [(0, 0, 0), (1, 1, 0), (-1, 0, -1), (-1, 1, -1), ("1", 0, 1), (1.0, 0, 1), (" 2", 1, 1)],
)
def test_labels_count_from_the_base(label, base, earliest):
    row = row_of("general", label=label)
    assert read_one("general", row, label_base=base).label.earliest_error == earliest


@pytest.mark.parametrize("label", [None, "", "N/A"])
def test_no_label_leaves_the_trace_unlabelled(label):
    assert read_one("general", row_of("general", label=label)).label is None


def test_step_labels_and_scores_are_read():
    row = row_of("general", step_labels=[True, False], scores=[0.9, 0.2])
    label = read_one("general", row).label
    assert label.earliest_error == 1
    assert label.step_labels == [1, -1]
    assert label.scores == [0.9, 0.2]
    assert read_one("general", row_of("general", scores="[1, 0]")).label.earliest_error is None


def test_cells_of_csv_are_converted_to_their_types():
    row = {
        "problem": "What is 2 + 3?",
        "steps": '["Add.", "It is 6."]',
        "label": "1",
        "final_answer_correct": "false",
        "generator": "",
    }
    record = read_one("general", row)
    assert record.steps == ["Add.", "It is 6."]
    assert record.label.earliest_error == 1
    assert record.final_answer_correct is False
    assert record.generator == ""


def test_a_text_that_only_starts_like_a_list_is_cut():
    row = {"problem": "p", "steps": "[1] Add.\n\n[2] It is 5."}
    assert read_one("general", row).steps == ["[1] Add.", "[2] It is 5."]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"problem": None}, "problem", "is missing, and must hold the problem"),
        ({"problem": " "}, "problem", "is empty"),
        ({"text": None}, "text", "looked for in steps or text"),
        ({"label": 2}, "label", "0 to 1, or -1"),
        ({"label": "one"}, "label", "must be a whole number, and is a text"),
        ({"label": True}, "label", "must be a whole number, and is true or false"),
        ({"step_labels": [1]}, "step_labels", "1 entries for 2 steps"),
        ({"step_labels": [1, 5]}, "step_labels[1]", "must be 1, 0, -1"),
        ({"step_labels": [1, [1]]}, "step_labels[1]", "must be 1, 0, -1"),
        ({"scores": [1, "x"]}, "scores[1]", "must be a number"),
        ({"scores": {}}, "scores", "must be a list, an entry a step"),
        ({"final_answer_correct": "perhaps"}, "final_answer_correct", "must be true or false"),
        ({"final_answer_correct": []}, "final_answer_correct", "must be true or false"),
        ({"label": []}, "label", "must be a whole number, and is a list"),
        ({"id": ["a"]}, "id", "must be a text, and is a list"),
    ],
)
def test_a_bad_field_is_refused(changes, field, words):
    error = refusal("general", row_of("general", **changes))
    assert error.field == field
    assert words in error.reason


def test_a_mapped_field_is_named_in_the_refusal():
    row = {**NESTED, "task": {"question": ""}}
    assert refusal("general", row, mapping=MAPPING).field == "task.question"
