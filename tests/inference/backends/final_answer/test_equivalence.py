"""Equal answers are the same in any notation."""

import threading

import pytest

from inference.backends.final_answer.equivalence import same_answer


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("1/2", "0.5"),
        ("\\frac{1}{2}", "1/2"),
        ("x = 3", "3"),
        ("$18.00", "18"),
        ("12 dollars", "12"),
        ("5.5 million people", "5,500,000"),
        ("5 million", "5"),  # where the problem asks for millions
        ("2 dozen", "24"),
        ("1,000", "1000"),
        ("50\\%", "50%"),
        ("\\sqrt{8}", "2\\sqrt{2}"),
        ("(1,2)", "( 1, 2 )"),
        ("2^{100}", "1267650600228229401496703205376"),
        ("Ann is a knight.", "ann is a knight"),
    ],
)
def test_equal_answers_are_the_same_however_written(answer, reference):
    assert same_answer(answer, reference)


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("3", "4"),
        ("5 million", "5,000"),
        ("1/0 million", "5"),
        ("7 pears", "1/0"),
        ("\\pi", "3.14159"),
        ("Ann is a knight and Bob a knave", "Bob is a knight and Ann a knave"),
        ("a bad mother", "a mother bad"),
        ("9^{9^{9^9}}", "3"),
        ("100000000!", "3"),
        ("(" * 300, "3"),
        ("5" + " " * 400_000 + "!", "3"),
    ],
)
def test_other_answers_are_not_and_hostile_ones_hold_nobody(answer, reference):
    assert not same_answer(answer, reference)


def test_it_works_outside_the_main_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(same_answer("\\frac{2}{4}", "1/2")))
    thread.start()
    thread.join()
    assert found == [True]
