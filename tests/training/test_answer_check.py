import pytest

from training.answer_check import exact, final_answer, mathematical


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("So it is \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}"),
        ("First \\boxed{3}, no: \\boxed{4}", "4"),
        ("The answer is 17.", "17"),
        ("It is 2 + 3.\n\n2 + 3 = 5", "5"),
        ("12", "12"),
        ("", ""),
        ("\\boxed{unclosed", "\\boxed{unclosed"),
    ],
)
def test_a_responses_answer_is_found(response, answer):
    assert final_answer(response) == answer


def test_exact_answers_are_compared_by_their_characters():
    assert exact("2 + 3 = 5", " 5. ")
    assert not exact("2 + 3 = 5", "6")
    assert not exact("", "")


@pytest.mark.parametrize("given", ["0.5", "\\frac{1}{2}", "1/2", "\\frac12"])
def test_mathematical_answers_are_compared_by_their_value(given):
    assert mathematical(f"It is \\boxed{{{given}}}.", "\\frac{1}{2}")
    assert not mathematical(f"It is \\boxed{{{given}}}.", "\\frac{1}{3}")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("given", ["9^{9^{9^9}}", "2**100000000", "a " * 4000, ""])
def test_what_a_policy_may_write_does_not_hold_the_checker_up(given):
    assert not mathematical(f"It is \\boxed{{{given}}}.", "57")
