from math import lcm

from tests.traces.samples.families.answers import check_answers
from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.families.number_theory import COMMON, DIVISORS, RUN


def test_proper_divisors_are_counted():
    check_answers(DIVISORS, lambda v: (v.a + 1) * (v.b + 1) * (v.c + 1) - 2)


def test_a_common_multiple_is_multiplied():
    check_answers(COMMON, lambda v: v.k * lcm(v.a, v.b))


def test_a_sequence_of_remainders_is_followed():
    for seed in range(40):
        problem = DrawnProblem(RUN, Dice(seed))
        values = problem.values
        term = values["x0"]
        for index in range(1, int(problem.answer_name.removeprefix("x")) + 1):
            term = (values["m"] * term + values["c"]) % values["n"]
            assert values[f"x{index}"] == term
        assert problem.answer == str(term)
