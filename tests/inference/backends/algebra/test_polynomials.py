"""Polynomials are read exactly, and anything else is refused."""

import pytest
from sympy import Rational, Symbol

from inference.backends.algebra.polynomials import NotPolynomial, parse_polynomial

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
