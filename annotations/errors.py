"""Why a person is not given an item, or can't finish one: each with a sentence for them."""

from typing import Any

from accounts.errors import Refused


class ReviewRefused(Refused):
    """What was asked for can't be done; the message is for the person who asked."""


class NotAMember(ReviewRefused):
    def __init__(self) -> None:
        super().__init__("You don't annotate in this queue; its lead can add you.")


class QueuePaused(ReviewRefused):
    def __init__(self) -> None:
        super().__init__("This queue is paused. What you have typed is kept.")


class QueueClosed(ReviewRefused):
    def __init__(self) -> None:
        super().__init__("This queue is closed: nothing more is reviewed in it.")


class MemberPaused(ReviewRefused):
    """A lead, or the drift of the person's gold answers, has paused them.

    `reason` is a sentence that reads the same to both; a lead's own pause comes without.
    """

    def __init__(self, reason: str) -> None:
        if reason:
            said = f"You are paused in this queue. {reason} Its lead knows and can let you go on."
        else:
            said = "A lead has paused you in this queue; ask them why. What you have typed is kept."
        super().__init__(said)


class ScreeningFailed(MemberPaused):
    def __init__(self) -> None:
        ReviewRefused.__init__(
            self,
            "Too few of your answers to the first items were right to go on in this queue."
            " Its lead can let you try again.",
        )


class NotScreened(ReviewRefused):
    def __init__(self) -> None:
        super().__init__(
            "This queue begins with a few traces that it chooses; answer these before you pick one."
        )


class LeaseLost(ReviewRefused):
    """The item is no longer the person's, and can't be given back to them."""

    def __init__(self, why: str = "it was given to someone else while you were away") -> None:
        super().__init__(f"This item is no longer yours: {why}. What you typed is kept as a draft.")


class ReviewWithdrawn(ReviewRefused):
    def __init__(self) -> None:
        super().__init__(
            "A lead has withdrawn this review: it no longer counts, and can't be changed."
        )


class DraftConflict(ReviewRefused):
    """Something newer was saved from another window; `content` and `version` are what stands."""

    def __init__(self, content: dict[str, Any], version: int) -> None:
        super().__init__("You typed something newer on this trace in another window.")
        self.content = content
        self.version = version
