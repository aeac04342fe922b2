"""Contradicting equations are found, and whatever may be meant otherwise is left alone."""

import json

import pytest
from sympy import Rational, Symbol

from inference.backends.algebra import AlgebraBackend
from inference.backends.algebra.contradictions import find_contradiction, solution
from inference.backends.algebra.equations import find_equations
from inference.backends.algebra.polynomials import NotPolynomial, parse_polynomial
from inference.backends.interface import Recipe, TraceText

X = Symbol("x")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2x + 3", 2 * X + 3),
        ("-x(x - 1)", -X * (X - 1)),
        (r"\frac{1}{2}x^2", X**2 / 2),
        (r"3 \cdot x / 4", Rational(3, 4) * X),
        ("0.5x − 1", X / 2 - 1),
        ("2(x+1)^{2}", 2 * (X + 1) ** 2),
        ("(x^2 + 1)^2 x^3", (X**2 + 1) ** 2 * X**3),
    ],
)
def test_polynomials_are_read_exactly(text, value):
    assert (parse_polynomial(text)[0] - value).expand() == 0


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            "2x +",
            "xy^",
            "1/0",
            "1/2x",
            "f(x)",
            "x^99",
            "9" * 40,
            "(" * 100,
            r"\sqrt{x}",
            "x^y",
        ],
        # Towers that would be worked out for hours.
        *["((((9^6)^6)^6)^6)^6x", "((((x+1)^6+1)^6+1)^6+1)^6", "((x^2)^2)^2"],
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(NotPolynomial):
        parse_polynomial(text)


def test_equations_are_found_in_words_and_in_mathematics():
    step = r"So 2x + 3 = 13. We get \[2x = 10\] and thus $x = 5$ dollars."
    found = list(find_equations(step))
    assert [equation.text for equation in found] == ["2x + 3 = 13", "2x = 10", "x = 5"]
    assert {solution(equation) for equation in found} == {5}


@pytest.mark.parametrize(
    "step",
    [
        "20% of x = 30",
        "log x = 2",
        "so x = 5%",
        r"so x = 5\sqrt{2}",
        r"x = 1.\overline{234}",
        r"\[ 16,520.25 - 5,000 = 1.45x \]",
        "x = 3 = y",
        "x + y = 3",
    ],
)
def test_what_is_more_than_it_seems_is_no_equation(step):
    assert list(find_equations(step)) == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("2x + 3 = 13, so 2x = 12. Then x = 6.", "2x + 3 = 13 holds for x = 5, and 2x = 12"),
        (r"\[3(x - 1) = 12\] which gives \[x - 1 = 3\]", "holds for x = 5"),
        (r"$\frac{x}{2} = 4$, so $x = 6$.", "holds for x = 8"),
        (r"$x^2 - 5x + 6 = 0$, so $x = 2$ and $x = 4$.", "x = 4 does not solve"),
    ],
)
def test_a_contradiction_is_told(step, said):
    found = find_contradiction(step)
    assert found is not None
    assert said in found.sentence


@pytest.mark.parametrize(
    "step",
    [
        "2x + 3 = 13, so 2x = 10. Then x = 5.",
        "3x = 10, so x = 3.33.",
        "If x = 1 then all is well; so x = 2.",
        "Either x = 1 or x = 2.",
        "Case 1: x = 1. Case 2: x = 3.",
        r"$x^2 = 4$, so $x = 2$.",
        "x = 1, and y = 2.",
        "Solving ln x = 1/2 gives x = 1.64872. Solving ln x = 1 gives x = 2.71828.",
        r"From $\sin x = 0$ we get $x = 0$ and $x = 180$.",
    ],
)
def test_steps_that_hold_or_tell_cases_apart_are_left_alone(step):
    assert find_contradiction(step) is None


def test_the_first_contradicting_step_is_the_error():
    judge = AlgebraBackend(Recipe("algebra"))
    steps = ["So 2x = 10.", "So 2x = 10, thus x = 6.", "So x = 1, thus x = 2."]
    wrong, right = judge.judge([TraceText("?", steps), TraceText("?", steps[:1])])
    assert (wrong.earliest_error, right.earliest_error) == (1, -1)
    assert "x = 6" in wrong.explanation


@pytest.mark.parametrize("name", ["gsm8k", "math"])
def test_no_step_that_people_found_right_is_flagged(shared_data, name):
    rows = json.loads(shared_data(f"processbench/{name}.json").read_text())
    found = 0
    for row in rows:
        label = row["label"]
        right = row["steps"] if label == -1 else row["steps"][:label]
        assert [find_contradiction(step) for step in right] == [None] * len(right)
        found += label != -1 and find_contradiction(row["steps"][label]) is not None
    assert found >= 2
