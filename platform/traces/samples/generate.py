"""The stream of sample traces."""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Protocol

from traces.records import TraceRecord
from traces.samples.dice import Dice
from traces.samples.families import (
    algebra,
    arithmetic,
    geometry,
    long_counts,
    measures,
    money,
    number_theory,
    probability,
    units,
)
from traces.samples.logic import knights_and_knaves
from traces.samples.problem import WordProblem
from traces.samples.template import Template
from traces.samples.voices import VOICES, Voice


class Problem(Protocol):
    """What a family poses: something that a voice can attempt, and that can be posed otherwise."""

    variant_kind: str

    def attempt(self, voice: Voice, dice: Dice) -> TraceRecord: ...

    def variant(self, dice: Dice) -> "Problem": ...


Family = Callable[[Dice], Problem]


def _from(templates: tuple[Template, ...]) -> Family:
    return lambda dice: WordProblem(dice.pick(templates), dice)


FAMILIES: dict[str, Family] = {
    "arithmetic": _from(arithmetic.TEMPLATES + money.TEMPLATES + long_counts.TEMPLATES),
    "units": _from(units.TEMPLATES + measures.TEMPLATES),
    "knights-and-knaves": knights_and_knaves.IslandPuzzle,
    "algebra": _from(algebra.TEMPLATES),
    "geometry": _from(geometry.TEMPLATES),
    "probability": _from(probability.TEMPLATES),
    "number-theory": _from(number_theory.TEMPLATES),
}

# How many of every hundred problems come from each family.
SHARES: dict[str, int] = {
    "arithmetic": 30,
    "units": 18,
    "knights-and-knaves": 18,
    "algebra": 12,
    "geometry": 9,
    "probability": 6,
    "number-theory": 7,
}

FEWEST_ATTEMPTS, MOST_ATTEMPTS = 2, 5
# How many of a hundred problems are posed again with a change, to the same generators.
VARIED = 12


def generate(
    count: int, seed: int = 0, *, subsets: Collection[str] | None = None
) -> Iterator[TraceRecord]:
    """`count` traces, always the same for the same seed and subsets, made as they are asked for.

    A problem's attempts follow each other. `subsets` names families to draw from, all by default.
    The first traces don't depend on `count`.
    """
    deck = _deck(subsets)
    return _stream(count, seed, deck)


def _deck(subsets: Collection[str] | None) -> list[Family]:
    names = FAMILIES.keys() if subsets is None else subsets
    unknown = sorted(set(names) - FAMILIES.keys())
    if unknown or not names:
        raise ValueError(
            f"no sample subset is called {', '.join(unknown) or 'nothing'}; "
            f"there are {', '.join(FAMILIES)}"
        )
    return [FAMILIES[name] for name in FAMILIES if name in names for _ in range(SHARES[name])]


def _stream(count: int, seed: int, deck: list[Family]) -> Iterator[TraceRecord]:
    return islice(_numbered(seed, _attempts(Dice(seed), deck)), count)


def _numbered(
    seed: int, attempts: Iterator[tuple[TraceRecord, int | None]]
) -> Iterator[TraceRecord]:
    """With an id each, and the id of the trace whose problem the record's is a variant of."""
    for number, (record, back) in enumerate(attempts):
        record.id = f"sample-{seed}-{number}"
        if back is not None:
            record.metadata["variant_of"] = f"sample-{seed}-{number - back}"
        yield record


def _attempts(dice: Dice, deck: list[Family]) -> Iterator[tuple[TraceRecord, int | None]]:
    """Attempts without end; for those at a variant, how many before the original's first was."""
    voices = tuple(VOICES.values())
    while True:
        problem = dice.pick(deck)(dice)
        chosen = dice.several(voices, dice.between(FEWEST_ATTEMPTS, MOST_ATTEMPTS))
        for voice in chosen:
            yield problem.attempt(voice, dice), None
        if dice.between(1, 100) <= VARIED:
            variant = problem.variant(dice)
            for number, voice in enumerate(chosen):
                record = variant.attempt(voice, dice)
                record.metadata["variant_kind"] = problem.variant_kind
                yield record, len(chosen) + number
