"""A check of a template's answers against a formula of the test."""

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace

from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.template import Template

Formula = Callable[[SimpleNamespace], Fraction | int]


def check_answers(template: Template, formula: Formula, count: int = 40) -> None:
    """Assert that the formula gives the answer of problems with other draws of values."""
    answers = set()
    for seed in range(count):
        problem = DrawnProblem(template, Dice(seed))
        given = SimpleNamespace(**{name: problem.values[name] for name in problem.givens})
        answer = problem.values[problem.answer_name]
        assert answer == formula(given), problem.text
        assert problem.answer == problem.show(problem.answer_name, answer)
        assert problem.answer in problem.solution.splitlines()[-1]
        answers.add(answer)
    assert len(answers) > count / 4
