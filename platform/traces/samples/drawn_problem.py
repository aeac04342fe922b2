"""A problem drawn from a template: its values, its text and its right solution."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from traces.samples.amounts import Number, as_decimal, as_fraction, as_money, decimal_places, tidy
from traces.samples.dice import Dice
from traces.samples.template import Move, Template
from traces.samples.wording import capital

# A template that finds no printable numbers in this many draws is faulty.
DRAWS = 500


class DrawnProblem:
    """A template filled with values.

    `values` holds the true values by name, `shown` the same values as texts, and `givens` the
    names of the numbers that the problem's text states.
    """

    def __init__(self, template: Template, dice: Dice) -> None:
        self.template = template
        self.values, self.moves, self.givens = self._draw(dice)
        self.answer_name = self.moves[-1].gives
        self.shown = {name: self.show(name, value) for name, value in self.values.items()}
        self.answer = self.shown["answer"] = self.shown[self.answer_name]
        notation = "dollar" if template.typeset else "plain"
        self.text = capital(dice.pick(template.asks).forms[notation] % self.shown)
        self.solution = "\n".join(
            capital(move.wordings[-1].forms[notation] % self.shown) for move in self.moves
        )

    def _draw(self, dice: Dice) -> tuple[dict[str, Any], Sequence[Move], list[str]]:
        """Return all true values, the moves, and the names of the given numbers."""
        for _ in range(DRAWS):
            drawn = self.template.draw(dice)
            moves = self.template.moves_for(drawn)
            values = self.follow(moves, drawn)
            if values is not None:
                givens = [name for name, value in drawn.items() if type(value) is not str]
                return values, moves, givens
        raise ValueError(f"the template {self.template.name} finds no fitting numbers")

    def follow(self, moves: Sequence[Move], start: dict[str, Any]) -> dict[str, Any] | None:
        """Return `start` and the values that the moves compute, or None if one does not `fit`."""
        space = SimpleNamespace(**start)
        values = vars(space)
        for move in moves:
            if move.gives:
                value = tidy(move.rule(space))
                if not self.fit(move.gives, value):
                    return None
                values[move.gives] = value
        return values

    def fit(self, name: str, value: Number) -> bool:
        """Return whether the template may print this number for the value called `name`."""
        template = self.template
        if value <= 0 and template.positive:
            return False
        if type(value) is int:
            return value < 10**9
        if template.whole:
            return False
        places = decimal_places(value)
        if template.fractions:
            return value.denominator < 10_000
        return places is not None and places <= (2 if name in template.money else 3)

    def show(self, name: str, value: Any) -> str:
        """Return the value as the problem's texts write it."""
        kind = type(value)
        if kind is str:
            return str(value)
        if kind is int:
            return str(value)
        if name in self.template.money:
            return as_money(value)
        return as_fraction(value) if self.template.fractions else as_decimal(value)
