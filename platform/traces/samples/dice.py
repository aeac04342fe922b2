"""The source of chance: seeded, the same on every machine, and cheap to ask."""

import random
from collections.abc import Sequence
from typing import TypeVar

from traces.samples.cast import PEOPLE

T = TypeVar("T")


class Dice(random.Random):
    """`random.Random` with the few draws that samples need, written for speed."""

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        return self.random() < share

    def several(self, options: Sequence[T], count: int) -> list[T]:
        """`count` different members, in random order."""
        left = list(options)
        return [left.pop(int(self.random() * len(left))) for _ in range(count)]

    def people(self, *roles: str) -> dict[str, str]:
        """A different person for each role: `who` gives who, who_he, who_He and who_his."""
        cast: dict[str, str] = {}
        for role, (name, he) in zip(roles, self.several(PEOPLE, len(roles)), strict=True):
            cast[role] = name
            cast[f"{role}_he"] = he
            cast[f"{role}_He"] = he.capitalize()
            cast[f"{role}_his"] = "her" if he == "she" else "his"
        return cast
