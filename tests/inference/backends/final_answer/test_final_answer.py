"""The final answer against the reference, on made cases and on public ones."""

import json
import threading

import pytest

from inference.backends.final_answer import FinalAnswerBackend
from inference.backends.final_answer.equivalence import same_answer
from inference.backends.final_answer.extraction import extract_answer
from inference.backends.interface import Recipe, TraceText


def judged(*steps: str, reference: str | None, answer: str | None = None):
    trace = TraceText("?", steps, reference_answer=reference, final_answer=answer)
    return FinalAnswerBackend(Recipe("final-answer")).judge([trace])[0]


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


def test_a_right_answer_is_no_error_and_a_wrong_one_is_an_error_of_the_last_step():
    right = judged("a", "The answer is 6.", reference="6")
    wrong = judged("a", "The answer is 7.", reference="6")
    assert (right.earliest_error, right.final_answer_correct) == (-1, True)
    assert (wrong.earliest_error, wrong.final_answer_correct) == (1, False)
    assert "7" in wrong.explanation and "6" in wrong.explanation


def test_the_traces_own_final_answer_goes_before_what_its_steps_say():
    assert judged("The answer is 7.", reference="6", answer="6").earliest_error == -1


def test_without_a_reference_or_an_answer_it_says_so():
    assert "no reference answer" in judged("The answer is 6.", reference=None).failure
    assert "no final answer" in judged("Hm.", reference="6").failure


def test_it_agrees_with_the_people_who_judged_public_answers(shared_data):
    rows = json.loads(shared_data("mr_gsm8k/mr_gsm8k_partial_unique.json").read_text())
    told = agreed = 0
    for row in rows:
        reference = str(row["ground_truth_answer"])
        steps = row["model_output_steps"]
        if not reference[:1].isdigit() or not steps:
            continue
        finding = judged(*steps, reference=reference)
        if finding.final_answer_correct is not None:
            told += 1
            said = row["model_output_answer_correctness"] == "correct"
            agreed += finding.final_answer_correct == said
    assert told > 400
    assert agreed >= 0.995 * told
