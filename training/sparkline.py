"""The loss curve of the page: points of an SVG that the theme colours."""

import math
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 60.0, 10.0, 10.0, 24.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A label and the position of its line."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The curves as points of polylines, empty without measurements.

    `held_out_dots` has the held-out points one by one, because a single point makes no line.
    """

    training: str
    held_out: str
    held_out_dots: list[list[str]]
    losses: list[Tick]
    steps: list[Tick]


def loss_sparkline(metrics: list[dict[str, Any]]) -> Sparkline | None:
    """Return the curves, or None before there are two measurements."""
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
    return Sparkline(
        training=points("loss"),
        held_out=held_out,
        held_out_dots=[point.split(",") for point in held_out.split()],
        losses=[Tick(f"{y(loss):.1f}", f"{loss:.6g}") for loss in _round_ticks(low, high)],
        steps=[
            Tick(f"{x(step):.1f}", f"{step:,.0f}") for step in _round_ticks(1, last, minimum_step=1)
        ],
    )


def _round_ticks(low: float, high: float, *, minimum_step: float = 0) -> list[float]:
    """Return two to five values from low to high, or low alone if there is none.

    They are multiples of 1, 2 or 5 times a power of ten, and at least `minimum_step` apart.
    """
    target = max((high - low) / 4, minimum_step, 1e-9)
    power = 10.0 ** math.floor(math.log10(target))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= target * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)] or [low]


def _has(line: dict[str, Any], name: str) -> bool:
    return line.get(name) is not None
