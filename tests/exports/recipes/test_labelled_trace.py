"""Properties of a labelled trace."""

from exports.recipes.labelled_trace import same_words
from tests.exports.recipes.attempts import right, wrong


def test_the_corrected_step_needs_other_words():
    assert wrong().corrected_step == "With the book it is 6 + 8 = 14."
    assert wrong(correction="With the book it\nis 6 + 8 = 15.").corrected_step == ""
    assert wrong(correction=" \n").corrected_step == ""
    assert right(correction="anything").corrected_step == ""


def test_only_right_steps_to_a_wrong_answer_are_contradictory():
    assert right(final_answer_correct=False).is_contradictory
    assert not right(final_answer_correct=None).is_contradictory
    assert not wrong(final_answer_correct=True).is_contradictory


def test_same_words_ignores_spacing_alone():
    assert same_words(" a  b\n", "a b")
    assert not same_words("a b", "ab")
