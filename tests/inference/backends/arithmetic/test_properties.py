"""Properties that hold for any equation and any text, not only for chosen examples."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.backends.arithmetic import false_claims

NUMBERS = st.integers(1, 5000)
SIGNS = {
    "+": ["+"],
    "-": ["-", "−", "–"],
    "*": ["*", "×", "·", r"\times", r"\cdot"],
    "/": ["/", "÷", r"\div"],
}
FRAMES = [
    "{left} = {right}",
    "So he has {left} = {right} apples.",
    r"\({left} = {right}\)",
    r"\[ \text{{Total}} = {left} = {right} \text{{ units}} \]",
    "${left} = {right}$",
    "Total: {left} = {right}",
    "x = {left} = {right}.",
    "<<{left}={right}>>",
    r"\boxed{{{left} = {right}}}",
]


@st.composite
def calculations(draw: st.DrawFn) -> tuple[str, Fraction]:
    """Draw a calculation of two to four numbers as written, with its exact value."""
    value = Fraction(draw(NUMBERS))
    text = str(value)
    joined = draw(st.sampled_from(["+-", "*/"]))
    for _ in range(draw(st.integers(1, 3))):
        sign, number = draw(st.sampled_from(joined)), draw(NUMBERS)
        text += f" {draw(st.sampled_from(SIGNS[sign]))} {number}"
        value = {
            "+": value + number,
            "-": value - number,
            "*": value * number,
            "/": value / number,
        }[sign]
    return text, value


def written(value: Fraction) -> str:
    return (
        str(value.numerator)
        if value.denominator == 1
        else rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    )


@given(calculations(), st.sampled_from(FRAMES))
def test_a_true_equation_is_never_flagged(calculation: tuple[str, Fraction], frame: str) -> None:
    text, value = calculation
    assert false_claims(frame.format(left=text, right=written(value))) == []


@given(calculations(), st.sampled_from(FRAMES), st.integers(0, 4))
def test_a_true_equation_rounded_is_never_flagged(
    calculation: tuple[str, Fraction], frame: str, decimals: int
) -> None:
    text, value = calculation
    scaled = value * 10**decimals
    for digits in (round(scaled), int(scaled)):
        assert false_claims(frame.format(left=text, right=point_set(digits, decimals))) == []


def point_set(digits: int, decimals: int) -> str:
    """Digits with a decimal point that many places from their end."""
    text = str(abs(digits)).rjust(decimals + 1, "0")
    whole, rest = text[: len(text) - decimals], text[len(text) - decimals :]
    return ("-" if digits < 0 else "") + whole + ("." + rest if decimals else "")


@given(NUMBERS, st.sampled_from("+-*"), NUMBERS, st.integers(1, 9), st.sampled_from(FRAMES))
def test_a_wrong_result_is_always_found(
    first: int, sign: str, second: int, off: int, frame: str
) -> None:
    value = {"+": first + second, "-": first - second, "*": first * second}[sign]
    for shown in SIGNS[sign]:
        step = frame.format(left=f"{first} {shown} {second}", right=value + off)
        found = false_claims(step)
        assert [(claim.stated, claim.actual) for claim in found] == [(value + off, value)]
        assert step[found[0].start : found[0].end] == found[0].expression


MARKS = [*"=≈+-*/^(){}[]$\\%!xπ²:&_|½①٣", "**", "...", "<<", ">>"]
COMMANDS = [r"\frac", r"\sqrt", r"\binom", r"\text{", r"\boxed{", r"\(", r"\)", r"\overline{"]
NUMERALS = ["0", "1", "9", "23", "0.5", "1,000"]
SPACED = [" is ", " of ", " percent ", "\n", ". ", " ", "\u202e", "\x00"]
PIECES = st.sampled_from([*MARKS, *COMMANDS, *NUMERALS, *SPACED])


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_mixture_of_signs_is_read_without_an_error(text: str) -> None:
    assert all(claim.sentence for claim in false_claims(text))


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(false_claims(text + " = 3 + " + text), list)


HOSTILE = {
    "digits": "9" * 1_000_000,
    "digits_after_a_relation": "1 + 1 = " + "9" * 1_000_000,
    "open_brackets": "(" * 1_000_000,
    "open_brackets_with_numbers": "1 = " + "(1+" * 300_000,
    "relations": "=" * 1_000_000,
    "relations_between_numbers": "1=" * 500_000,
    "true_equations": "1+1=2, " * 100_000,
    "one_sum": "1+" * 500_000 + "1 = 3",
    "powers": "9^" * 300_000 + "9 = 1",
    "stars": "9**" * 300_000 + "9 = 1",
    "fractions": r"\frac{" * 150_000 + "1 = 2",
    "roots": r"\sqrt" * 150_000 + "4 = 2",
    "minuses": "-" * 1_000_000 + "1 = 2",
    "words": "is 1 " * 200_000,
    "long_word": "a" * 1_000_000 + " = 1 + 1",
    "dollars": "$" * 1_000_000 + "1 + 1 = 3",
    "spaces": "1 + 1" + " " * 1_000_000 + "= 3",
    "spaces_after": "1 + 1 =" + " " * 1_000_000 + "3",
    "commas": "1," * 500_000 + "1 = 2 + 3",
    "text_commands": r"\text{" * 150_000 + "1 + 1 = 3",
    "large_product": "9" * 50 + (" * " + "9" * 50) * 140 + " = 1",
    "factorials": "170!" + " * 170!" * 90 + " = 1",
    "signs_of_percent": "1%" * 400_000 + " = 3",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_on_a_line_is_read_in_linear_time(name: str) -> None:
    assert len(false_claims(HOSTILE[name])) <= 1
