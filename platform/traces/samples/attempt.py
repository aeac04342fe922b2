"""One attempt at a drawn problem, and the flaw that it may contain."""

from dataclasses import dataclass

from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.phrasing import Phrase
from traces.samples.voices import Voice


@dataclass(frozen=True, slots=True)
class Flaw:
    """An error at move `index`, and every value as the attempt then writes it.

    `tainted` names the values that differ from the true ones. `stops`: the attempt ends without
    the last move. `cancels`: the last move's result is the true one although it does not follow.
    """

    index: int
    kind: str
    wording: Phrase
    shown: dict[str, str]
    tainted: frozenset[str]
    explanation: str
    stops: bool = False
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A problem, the voice that solves it, and the wording chosen for each move."""

    problem: DrawnProblem
    wording: list[Phrase]
    voice: Voice
    notation: str
    dice: Dice

    def place(self, count: int) -> int:
        """Return a random index below `count`, early or late as the voice leans."""
        return int(count * self.dice.random() ** self.voice.lean)
