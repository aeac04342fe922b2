import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read, read_one, refusal


def phase_two(**changes):
    """Return a row with a right step, a wrong one with an alternative, and two unrated steps."""
    row = row_of("prm800k", generation=5, **changes)
    whole = ["Add.", "It is 6.", "Check.", "So 6."]
    row["question"] |= {"pre_generated_steps": whole, "pre_generated_answer": "6"}
    row["label"] |= {
        "finish_reason": "found_error",
        "steps": [
            {"completions": [{"text": "Add.", "rating": 1}], "chosen_completion": 0},
            {
                "completions": [
                    {"text": "It is 6.", "rating": -1},
                    {"text": "It is 5.", "rating": 1},
                ],
                "human_completion": None,
                "chosen_completion": None,
            },
        ],
    }
    return row


def test_the_path_follows_the_labelers_choice_or_text():
    record = read_one("prm800k", row_of("prm800k"))
    assert record.steps == ["Add the numbers.", "It is 5."]
    assert record.label.earliest_error == -1
    assert record.label.step_labels == [0, 1]
    assert (record.id, record.subset) == ("labeler-1/2023-01-02T03:04:05", "phase1")
    assert record.reference_answer == "5"


def test_a_human_completion_may_be_a_plain_text():
    row = row_of("prm800k")
    row["label"]["steps"][1]["human_completion"] = "It is five."
    assert read_one("prm800k", row).steps[1] == "It is five."


def test_neutral_steps_can_count_as_wrong():
    record = read_one("prm800k", row_of("prm800k"), neutral="negative")
    assert record.label.earliest_error == 0
    assert record.label.step_labels == [-1, 1]


def test_phase_two_keeps_the_whole_solution_and_labels_its_rated_part():
    record = read_one("prm800k", phase_two())
    assert record.steps == ["Add.", "It is 6.", "Check.", "So 6."]
    assert record.label.earliest_error == 1
    assert record.label.step_labels == [1, -1, None, None]
    assert (record.subset, record.final_answer) == ("phase2", "6")


def test_phase_two_keeps_the_rated_path_where_it_is_not_the_solution():
    row = phase_two()
    row["question"]["pre_generated_steps"] = ["Something else.", "It is 6."]
    assert read_one("prm800k", row).steps == ["Add.", "It is 6."]


def test_alternatives_are_traces_of_their_own():
    whole, other = read("prm800k", phase_two(), alternatives=True)
    assert whole.label.earliest_error == 1
    assert other.steps == ["Add.", "It is 5."]
    assert other.label.earliest_error == -1
    assert other.id == f"{whole.id}/1/1"
    wrong = read("prm800k", row_of("prm800k"), alternatives=True)
    assert [(r.steps[-1], r.label.earliest_error) for r in wrong[1:]] == [
        ("Guess.", 0),
        ("It is 6.", 1),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"is_quality_control_question": True}, "is_quality_control_question", "quality control"),
        ({"is_initial_screening_question": True}, "is_initial_screening_question", "screening"),
    ],
)
def test_rows_that_the_authors_set_aside_are_passed_over_with_the_reason(changes, field, words):
    error = refusal("prm800k", row_of("prm800k", **changes))
    assert error.field == field
    assert error.reason.startswith("skipped") and words in error.reason
    assert read_one("prm800k", row_of("prm800k", **changes), all_rows=True).steps


@pytest.mark.parametrize(("end", "words"), [("give_up", "gave up"), ("bad_problem", "bad")])
def test_unfinished_rows_are_passed_over_or_unlabelled(end, words):
    row = row_of("prm800k")
    row["label"]["finish_reason"] = end
    row["label"]["steps"].append({"completions": [], "chosen_completion": None})
    assert words in refusal("prm800k", row).reason
    record = read_one("prm800k", row, all_rows=True)
    assert record.steps == ["Add the numbers.", "It is 5."]
    assert record.label.earliest_error is None


def test_a_wrong_rating_or_choice_is_rejected_with_its_place():
    row = row_of("prm800k")
    row["label"]["steps"][0]["completions"][1]["rating"] = 2
    error = refusal("prm800k", row)
    assert error.field == "label.steps[0].completions[1].rating"
    assert "must be -1, 0, 1 or null, and is 2" in error.reason
    row = row_of("prm800k")
    row["label"]["steps"][0]["chosen_completion"] = 2
    assert refusal("prm800k", row).field == "label.steps[0].chosen_completion"


def test_a_row_without_steps_is_refused():
    row = row_of("prm800k")
    row["label"]["steps"] = [{"completions": None, "chosen_completion": None}]
    assert refusal("prm800k", row).reason == "has no step with a text"
