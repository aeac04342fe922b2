"""Final answers are found in the steps that state them."""

import pytest

from inference.backends.final_answer.extraction import extract_answer


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("So \\boxed{\\frac{1}{2}} and \\boxed{3}.", "3"),
        ("\\boxed{\\frac{1}{2}", None),
        ("It is 7.\n#### 1,200", "1,200"),
        ("**The final answer is: 12 apples.** Good.", "12 apples"),
        ("The answer is 5  \nand so on", "5"),
        ("Therefore Ann has 3.5 left.", None),
        # What was looked through again at each blank took longer than anybody waits.
        ("The answer is a" + " \t" * 400_000 + "b", None),
        ("The answer is" + "\n" * 400_000, None),
    ],
)
def test_the_answer_is_found_where_steps_state_it(step, answer):
    assert extract_answer(step) == answer
