"""The curve as the page draws it while the run goes on: points in an SVG, coloured by the theme."""

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
    """`training` and `held_out` are the points of a polyline, empty where nothing was measured."""

    training: str
    held_out: str
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

    return Drawing(
        training=points("loss"),
        held_out=points("held_out_loss"),
        losses=[Tick(f"{y(v):.1f}", f"{v:.3g}") for v in (high, low + spread / 2, low)],
        steps=[Tick(f"{x(step):.1f}", f"{step:,}") for step in sorted({last // 2 or last, last})],
    )


def _has(line: dict[str, Any], name: str) -> bool:
    return line.get(name) is not None
