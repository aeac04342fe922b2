"""The ways to end an item without a review, as the review page offers them."""

from dataclasses import dataclass

from annotations.submitting import REASONS


@dataclass(frozen=True, slots=True)
class Ending:
    reason: str  # of `submitting.REASONS`
    key: str
    label: str
    told: str  # what the page says once it is done


ENDINGS = [
    Ending("skip", "s", "Skip", "Skipped."),
    Ending("postpone", "p", "Postpone", "Postponed: it comes back to you."),
    Ending("unsure", "d", "Unsure", "Noted that you are unsure."),
    Ending("give_up", "g", "Give up", "Given up."),
    Ending("bad_problem", "b", "The problem is bad", "Noted that the problem is bad."),
]
assert {ending.reason for ending in ENDINGS} == set(REASONS)
