"""The ways to end an item without a review, as the review page offers them."""

from dataclasses import dataclass

from annotations.review.submit import REASONS


@dataclass(frozen=True, slots=True)
class Ending:
    reason: str  # of `submitting.REASONS`
    key: str
    label: str
    told: str  # what the page says once it is done


_UNDO = "Undo (u) takes you back to it."
ENDINGS = [
    Ending("skip", "s", "Skip", f"Skipped. {_UNDO}"),
    Ending("postpone", "p", "Postpone", "Postponed: it comes back to you."),
    Ending("unsure", "d", "Unsure", f"Noted that you are unsure. {_UNDO}"),
    Ending("give_up", "g", "Give up", f"Given up. {_UNDO}"),
    Ending("bad_problem", "b", "The problem is bad", f"Noted that the problem is bad. {_UNDO}"),
]
assert {ending.reason for ending in ENDINGS} == set(REASONS)
