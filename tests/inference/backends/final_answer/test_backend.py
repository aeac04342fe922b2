"""The final answer as a judge of traces."""

import json

from inference.backends.final_answer import FinalAnswerBackend
from inference.backends.interface import Recipe, TraceText


def judged(*steps: str, reference: str | None, answer: str | None = None):
    trace = TraceText("?", steps, reference_answer=reference, final_answer=answer)
    return FinalAnswerBackend(Recipe("final-answer")).judge([trace])[0]


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
