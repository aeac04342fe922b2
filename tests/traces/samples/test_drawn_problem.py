from dataclasses import replace
from fractions import Fraction

import pytest

from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.families.algebra import LINEAR
from traces.samples.families.arithmetic import BAKERY
from traces.samples.families.money import SALE
from traces.samples.families.probability import TWO_ALIKE


def test_a_problem_knows_its_values_texts_and_answer():
    problem = DrawnProblem(BAKERY, Dice(3))
    assert problem.givens == ["trays", "each", "given", "box", "price"]
    assert problem.answer == problem.shown["income"] == problem.shown["answer"]
    assert len(problem.solution.splitlines()) == len(problem.moves)
    assert problem.shown["trays"] in problem.text


def test_moves_are_followed_from_other_values():
    problem = DrawnProblem(LINEAR, Dice(1))
    start = {"a": 5, "b": 4, "c": 3, "d": 10, "m": 2, "n": 1}
    values = problem.follow(problem.moves, start)
    assert (values["x"], values["y"]) == (3, 7)
    assert start == {"a": 5, "b": 4, "c": 3, "d": 10, "m": 2, "n": 1}
    # x would be a fraction, and the template prints whole numbers only.
    assert problem.follow(problem.moves, start | {"d": 11}) is None


@pytest.mark.parametrize(
    ("template", "name", "value", "fits"),
    [
        (LINEAR, "x", 10**9 - 1, True),
        (LINEAR, "x", 10**9, False),
        (LINEAR, "x", 0, False),
        (LINEAR, "x", Fraction(1, 2), False),
        (replace(LINEAR, positive=False), "x", -3, True),
        (SALE, "paid", Fraction(1, 4), True),
        (SALE, "paid", Fraction(1, 8), False),
        (replace(SALE, money=frozenset()), "paid", Fraction(1, 8), True),
        (replace(SALE, money=frozenset()), "paid", Fraction(1, 16), False),
        (TWO_ALIKE, "s", Fraction(1, 9_999), True),
        (TWO_ALIKE, "s", Fraction(1, 10_001), False),
    ],
)
def test_only_printable_numbers_fit(template, name, value, fits):
    assert DrawnProblem(template, Dice(1)).fit(name, value) is fits


@pytest.mark.parametrize(
    ("template", "name", "value", "text"),
    [
        (SALE, "paid", Fraction(9, 2), "4.50"),
        (SALE, "share", Fraction(9, 2), "4.5"),
        (TWO_ALIKE, "s", Fraction(2, 3), r"\frac{2}{3}"),
        (SALE, "paid", 7, "7"),
        (SALE, "who", "Ann", "Ann"),
    ],
)
def test_values_are_shown_as_the_template_writes_them(template, name, value, text):
    assert DrawnProblem(template, Dice(1)).show(name, value) == text


def test_a_template_without_fitting_numbers_is_an_error():
    hopeless = replace(LINEAR, draw=lambda dice: LINEAR.draw(dice) | {"a": 0, "c": 1})
    with pytest.raises(ValueError, match="template linear finds no fitting numbers"):
        DrawnProblem(hopeless, Dice(1))
