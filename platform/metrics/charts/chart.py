"""Charts: a table and a Vega-Lite specification made with Altair.

A specification names no colour: the page gives it those of its own theme (`static/js/charts.js`), a
saved picture those of `chart_files`, through the same named styles "mark", "interval" and "floor".
"""

from dataclasses import dataclass
from typing import Any

import altair as alt

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. `summary` describes the picture for people who cannot see it."""

    name: str
    title: str
    summary: str
    columns: list[str]
    rows: list[list[Cell]]
    spec: dict[str, Any]

    @property
    def text_rows(self) -> list[list[str]]:
        """Return the rows as text: fractions to three decimals, missing values as a dash."""
        return [[_text(cell) for cell in row] for row in self.rows]


def _text(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def names_axis() -> alt.Axis:
    return alt.Axis(labelLimit=260, ticks=False, domain=False, labelPadding=8)


def chart_data(columns: list[str], rows: list[list[Cell]]) -> alt.Data:
    return alt.Data(values=[dict(zip(columns, row, strict=True)) for row in rows])


def spec_of(chart: alt.TopLevelMixin) -> dict[str, Any]:
    # Checking it against the schema takes longer than making it; the tests draw every chart.
    spec: dict[str, Any] = chart.to_dict(validate=False)
    # Altair's default size and colours; the theme gives its own.
    spec.pop("config", None)
    return spec
