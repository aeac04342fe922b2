import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read, read_one, refusal


def test_a_row_gives_the_changed_and_the_original_solution():
    changed, original = read("prmbench", row_of("prmbench"))
    assert changed.problem == "What is 2 plus 3?"
    assert changed.steps == ["Say it is 5.", "Then it is 5.", "So 5."]
    assert changed.label.earliest_error == 0
    assert changed.label.step_labels == [-1, -1, 1]
    assert changed.label.error_type == "circular"
    assert changed.label.explanation == "It takes for granted what it shows."
    assert (changed.id, changed.subset) == ("toy_3/circular", "circular")
    assert original.problem == "What is 2 + 3?"
    assert original.steps == ["Add.", "It is 5."]
    assert original.label.earliest_error == -1
    assert original.subset == "original"


def test_originals_can_be_left_out():
    assert read_one("prmbench", row_of("prmbench"), originals=False).id == "toy_3/circular"


def test_equal_originals_have_equal_ids_and_others_do_not():
    first = read("prmbench", row_of("prmbench"))[1]
    same = read("prmbench", row_of("prmbench", classification="deception"))[1]
    other = read("prmbench", row_of("prmbench", original_process=["1. Add.", "2. It is 5."]))[1]
    assert first == same
    assert first.id != other.id


def test_steps_beyond_the_last_are_passed_over():
    some = read("prmbench", row_of("prmbench", error_steps=[3, 9]))[0]
    assert some.label.earliest_error == 2
    assert some.metadata["error_steps"] == [3, 9]
    none = read("prmbench", row_of("prmbench", error_steps=[9]))[0]
    assert none.label.earliest_error is None
    assert none.label.step_labels is None


def test_several_solutions_of_a_question_have_no_error_and_their_own_ids():
    changes = {"classification": "multi_solutions", "error_steps": [], "ground_truth": "5"}
    one = read("prmbench", row_of("prmbench", **changes))[0]
    two = read("prmbench", row_of("prmbench", **changes, modified_process=["It is 5."]))[0]
    assert one.label.earliest_error == -1
    assert one.label.error_type == ""
    assert one.reference_answer == "5"
    assert one.id != two.id


@pytest.mark.parametrize("number", [0, -1, "1", True])
def test_steps_that_do_not_count_from_one_are_refused(number):
    error = refusal("prmbench", row_of("prmbench", error_steps=[2, number]))
    assert error.field == "error_steps[1]"
    assert "steps count from 1" in error.reason
