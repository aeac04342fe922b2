"""Fast seeded random draws, the same on every machine."""

import random
from collections.abc import Sequence
from typing import TypeVar

from traces.samples.cast import PEOPLE

T = TypeVar("T")


class Dice(random.Random):
    """`random.Random` with the draws that samples need, written for speed."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, each equally likely."""
        return options[int(self.random() * len(options))]

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Return True with the probability `share`."""
        return self.random() < share

    def several(self, options: Sequence[T], count: int) -> list[T]:
        """Return `count` different options in random order."""
        left = list(options)
        return [left.pop(int(self.random() * len(left))) for _ in range(count)]

    def people(self, *roles: str) -> dict[str, str]:
        """Return a different person for each role: `who` gives who, who_he, who_He and who_his."""
        cast: dict[str, str] = {}
        for role, (name, he) in zip(roles, self.several(PEOPLE, len(roles)), strict=True):
            cast[role] = name
            cast[f"{role}_he"] = he
            cast[f"{role}_He"] = he.capitalize()
            cast[f"{role}_his"] = "her" if he == "she" else "his"
        return cast
