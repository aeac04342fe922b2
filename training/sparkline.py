"""The curve as the page draws it while the run goes on: points in an SVG, coloured by the theme."""

import math
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 60.0, 10.0, 10.0, 24.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A label, and where its line is."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """`training` and `held_out` are the points of a polyline, empty where nothing was measured.
    `held_out_dots` are the latter one by one: a single one makes no line."""

    training: str
    held_out: str
    held_out_dots: list[list[str]]
    losses: list[Tick]
    steps: list[Tick]


def drawing(metrics: list[dict[str, Any]]) -> Drawing | None:
    """None before the first two measurements: one makes no curve."""
    names = ("loss", "held_out_loss")
    values = [line[name] for line in metrics for name in names if _has(line, name)]
    if len(metrics) < 2 or not values:
        return None
    last, low, high = metrics[-1]["step"], min(values), max(values)
    spread = (high - low) or 1.0

    def x(step: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * step / last

    def y(loss: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - loss) / spread

    def points(name: str) -> str:
        return " ".join(
            f"{x(line['step']):.1f},{y(line[name]):.1f}" for line in metrics if _has(line, name)
        )

    held_out = points("held_out_loss")
    return Drawing(
        training=points("loss"),
        held_out=held_out,
        held_out_dots=[point.split(",") for point in held_out.split()],
        losses=[Tick(f"{y(loss):.1f}", f"{loss:.6g}") for loss in _round_values(low, high)],
        steps=[Tick(f"{x(step):.1f}", f"{step:,.0f}") for step in _round_values(1, last, least=1)],
    )


def _round_values(low: float, high: float, *, least: float = 0) -> list[float]:
    """Two to five values from low to high, whole multiples of 1, 2 or 5 times a power of ten that
    is no less than `least`; low alone where there is none."""
    wanted = max((high - low) / 4, least, 1e-9)
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= wanted * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)] or [low]


def _has(line: dict[str, Any], name: str) -> bool:
    return line.get(name) is not None
