"""Counting along a line of many stops: up to forty steps, one small sum each."""

from typing import Any

from traces.samples.dice import Dice
from traces.samples.template import Move, Template, move, wordings, wrong

LONGEST_LINE = 38
LINES = ("A tram", "The night bus", "A ferry", "The harbour train", "A mountain railway")
PLACES = ("stop", "station", "halt")


def _stop(number: int) -> Move:
    before, on, off, after = f"n{number - 1}", f"on{number}", f"off{number}", f"n{number}"
    return move(
        after,
        lambda v: getattr(v, before) - getattr(v, off) + getattr(v, on),
        f"<place> {number}: [[<{before}> - <{off}> + <{on}> = <{after}>]].",
        f"at <place> {number}, <{off}> get off and <{on}> get on: "
        f"[[<{before}> - <{off}> + <{on}> = <{after}>]].",
        f"after <place> {number} there are [[<{before}> - <{off}> + <{on}> = <{after}>]] on board.",
        wrong=(
            wrong(
                "context",
                lambda v: getattr(v, before) - getattr(v, on) + getattr(v, off),
                f"at <place> {number}, <{on}> get off and <{off}> get on: "
                f"[[<{before}> - <{on}> + <{off}> = <{after}>]].",
                f"it is the other way around: <{off}> get off and <{on}> get on.",
            ),
            wrong(
                "completeness",
                lambda v: getattr(v, before) + getattr(v, on),
                f"at <place> {number}, <{on}> get on: [[<{before}> + <{on}> = <{after}>]].",
                f"the <{off}> people who get off are left out.",
            ),
            wrong(
                "conceptual",
                lambda v: getattr(v, before) + getattr(v, off) + getattr(v, on),
                f"<{off}> and <{on}> people change at <place> {number}: "
                f"[[<{before}> + <{off}> + <{on}> = <{after}>]].",
                "people who get off have to be subtracted.",
            ),
            wrong(
                "logical",
                lambda v: getattr(v, before),
                f"about as many leave as arrive at <place> {number}, so there are still "
                f"<{after}> on board.",
                f"<{off}> get off and <{on}> get on, which is not the same.",
            ),
        ),
    )


def _line(dice: Dice) -> dict[str, Any]:
    stops = dice.between(4, 9) if dice.chance(0.7) else dice.between(10, LONGEST_LINE)
    values: dict[str, Any] = {
        "line": dice.pick(LINES),
        "place": dice.pick(PLACES),
        "n0": dice.between(12, 60),
        "stops": stops,
        "count": str(stops),
    }
    aboard, changes = values["n0"], []
    for number in range(1, stops + 1):
        off, on = dice.between(2, min(15, aboard - 2)), dice.between(2, 16)
        if off == on:
            on += 1
        aboard += on - off
        values[f"off{number}"], values[f"on{number}"] = off, on
        changes.append(f"{number}: {off} off, {on} on")
    values["changes"] = "; ".join(changes)
    return values


LINE = Template(
    name="line",
    subset="arithmetic",
    draw=_line,
    length="stops",
    asks=wordings(
        "<line> leaves with <n0> people on board and calls at <count> <place>s. The driver notes "
        "how many get off and on at each: <changes>. How many people are on board at the end?",
        "<line> starts with <n0> passengers. At <count> <place>s people get off and on, as the "
        "list says (<changes>). How many passengers are left after the last <place>?",
    ),
    goals=wordings(
        "we go from <place> to <place> and keep count.",
        "at each <place> we take off those who leave and add those who come.",
    ),
    moves=tuple(_stop(number) for number in range(1, LONGEST_LINE + 1)),
    concludes=wordings("<answer> people are on board at the end", "<answer> passengers are left"),
)

TEMPLATES = (LINE,)
