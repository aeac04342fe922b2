import pytest

from training.answer_check import extract_answer, is_same_text, is_same_value


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
def test_the_final_answer_of_a_response_is_extracted(response, answer):
    assert extract_answer(response) == answer


def test_exact_answers_are_compared_as_text():
    assert is_same_text("2 + 3 = 5", " 5. ")
    assert not is_same_text("2 + 3 = 5", "6")
    assert not is_same_text("", "")


@pytest.mark.parametrize("given", ["0.5", "\\frac{1}{2}", "1/2", "\\frac12"])
def test_mathematical_answers_are_compared_by_value(given):
    assert is_same_value(f"It is \\boxed{{{given}}}.", "\\frac{1}{2}")
    assert not is_same_value(f"It is \\boxed{{{given}}}.", "\\frac{1}{3}")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("given", ["9^{9^{9^9}}", "2**100000000", "a " * 4000, ""])
def test_no_response_stalls_the_checker(given):
    assert not is_same_value(f"It is \\boxed{{{given}}}.", "57")
