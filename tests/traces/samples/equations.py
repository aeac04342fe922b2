"""Equations in a text, found and evaluated independently of the code under test."""

import ast
import re
from fractions import Fraction
from itertools import pairwise
from math import isqrt

_DELIMITERS = re.compile(r"\$|\\[()\[\]]|\\(?:begin|end)\{aligned\}|&")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\{(\d+)\}")
_EXPRESSION = r"[\d(](?:[\d.^()]| [-+*/] |/)*"
_CHAIN = re.compile(rf"(?<![\w^.\\}}])(?<![-+*/] ){_EXPRESSION}(?: = {_EXPRESSION})+(?![\w{{\\])")


def equations(text: str) -> list[tuple[str, str]]:
    """Return the pairs of neighbouring sides of every equation between numbers, in Python."""
    text = _ROOT.sub(lambda found: f"({isqrt(int(found[1]))})", text)
    text = _FRACTION.sub(r"((\1)/(\2))", text)
    text = text.replace(r"\times", "*").replace("×", "*").replace("÷", "/")
    text = re.sub(r"\\?%", "", re.sub(r"\^\{(\d+)\}", r"^\1", text))
    text = _DELIMITERS.sub("", text.replace("**", ""))
    found = []
    for chain in _CHAIN.findall(text):
        sides = [side.rstrip(".") for side in chain.split(" = ")]
        if all(side.count("(") == side.count(")") for side in sides):
            found += pairwise(sides)
    return found


def value(expression: str) -> Fraction:
    return _value(ast.parse(expression.replace("^", "**").strip(), mode="eval").body)


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left), _value(node.right)
    operations = {
        ast.Add: lambda: left + right,
        ast.Sub: lambda: left - right,
        ast.Mult: lambda: left * right,
        ast.Div: lambda: left / right,
        ast.Pow: lambda: left ** int(right),
    }
    return operations[type(node.op)]()


def holds(text: str) -> bool:
    return all(value(left) == value(right) for left, right in equations(text))
