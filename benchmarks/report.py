"""Figures as a table for people and as one line of JSON each for programs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number. `at_least` or `at_most` is its goal."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def goal(self) -> str | None:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return None if self.at_most is None else f"<= {self.at_most:g}"

    @property
    def holds(self) -> bool | None:
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

    def as_json(self) -> str:
        """Return the figure as one line of JSON."""
        return json.dumps(
            {
                "name": self.name,
                "value": round(self.value, 4),
                "unit": self.unit,
                "goal": self.goal,
                "holds": self.holds,
            }
        )


def report(figures: Iterable[Figure]) -> None:
    """Print the figures."""
    figures = list(figures)
    table = Table("measured", "value", "unit", "goal", "holds")
    words = {True: "yes", False: "NO", None: ""}
    for figure in figures:
        value = f"{figure.value:,.0f}" if figure.value >= 1000 else f"{figure.value:,.3g}"
        table.add_row(figure.name, value, figure.unit, figure.goal or "", words[figure.holds])
    Console().print(table)
    for figure in figures:
        print(figure.as_json())
