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
from traces.samples.template import Template
from traces.samples.voices import VOICES, Voice
from traces.samples.word_problem import WordProblem


class Problem(Protocol):
    """A problem that a voice can attempt and that can be varied."""

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
    """Yield `count` traces, the same ones for the same seed and subsets.

    The attempts at one problem follow each other. `subsets` names the families to draw from, by
    default all. The first traces do not depend on `count`. Raises ValueError at once for a subset
    that does not exist.
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
    """Set each record's id and, for a variant, the id of a trace of the original problem."""
    for number, (record, back) in enumerate(attempts):
        record.id = f"sample-{seed}-{number}"
        if back is not None:
            record.metadata["variant_of"] = f"sample-{seed}-{number - back}"
        yield record


def _attempts(dice: Dice, deck: list[Family]) -> Iterator[tuple[TraceRecord, int | None]]:
    """Yield attempts without end, each at a variant with its distance to the original's first."""
    voices = tuple(VOICES.values())
    while True:
        problem = dice.pick(deck)(dice)
        attempting = dice.several(voices, dice.between(FEWEST_ATTEMPTS, MOST_ATTEMPTS))
        for voice in attempting:
            yield problem.attempt(voice, dice), None
        if dice.between(1, 100) <= VARIED:
            variant = problem.variant(dice)
            for number, voice in enumerate(attempting):
                record = variant.attempt(voice, dice)
                record.metadata["variant_kind"] = problem.variant_kind
                yield record, len(attempting) + number
