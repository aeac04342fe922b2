from inference.backends.arithmetic import ArithmeticBackend
from inference.backends.interface import NO_ERROR, Finding, Recipe, TraceText


def judged(*steps: str, problem: str = "How many are left?") -> Finding:
    return ArithmeticBackend(Recipe("arithmetic")).judge([TraceText(problem, steps)])[0]


def test_judge_names_the_first_step_with_a_false_equation() -> None:
    finding = judged("He has 3 * 6 = 18.", "18 - 6 = 13 are left.", "13 + 2 = 16.")
    assert finding == Finding(
        1, error_type="calculation", explanation="18 - 6 is 12, the step says 13."
    )


def test_judge_answers_every_trace_in_order() -> None:
    traces = [TraceText("", ["1 + 1 = 2"]), TraceText("", ["1 + 1 = 3"]), TraceText("", [])]
    findings = ArithmeticBackend(Recipe("arithmetic")).judge(traces)
    assert [finding.earliest_error for finding in findings] == [NO_ERROR, 0, NO_ERROR]
    assert all(finding.scores is None and not finding.failure for finding in findings)


def test_judge_passes_over_a_number_that_nothing_rests_on() -> None:
    assert judged("18 - 6 = 13 are left.", "So 12 are left.").earliest_error == NO_ERROR
    assert judged("Try 18 - 6 = 13.", "No: 18 - 7 = 11.", "11").earliest_error == NO_ERROR


def test_judge_flags_a_false_equation_after_which_nothing_is_calculated() -> None:
    assert judged("18 - 6 = 13 are left.", "That is the answer.").earliest_error == 0


def test_judge_flags_a_false_last_word() -> None:
    assert judged("He has 18.", "18 - 6 = 13 are left.").earliest_error == 1


def test_judge_passes_over_a_number_that_is_rightly_taken_apart_later() -> None:
    steps = ["So 90 = 70 + 21", "that is 90 = 2 * 45", "so 45 divides 90"]
    assert judged(*steps).earliest_error == NO_ERROR


def test_judge_leaves_other_bases_alone() -> None:
    problem = "Add the numbers in base 5."
    assert judged("3 + 4 = 12", problem=problem).earliest_error == NO_ERROR


def test_judge_leaves_operations_of_a_problem_alone() -> None:
    problem = r"If a * b is defined as a * b = a^2 - b, what is 3 * 4?"
    assert judged("3 * 4 = 5", problem=problem).earliest_error == NO_ERROR


def test_judge_allows_for_the_modulus_of_a_problem() -> None:
    problem = "What is the remainder when 194 is divided by 11?"
    assert judged("194 = 7", "7 + 8 = 4, so 4.", problem=problem).earliest_error == NO_ERROR
    assert judged("194 = 11 * 17 + 9", "so 194 leaves 9", problem=problem).earliest_error == 0
