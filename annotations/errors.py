"""Refusals of an assignment or a review, each with a message for the person."""

from typing import Any

from accounts.errors import Refused


class ReviewRefused(Refused):
    """The request can't be done; the message is for the person who made it."""


class NotAMember(ReviewRefused):
    """The person may not annotate in the queue."""

    def __init__(self) -> None:
        super().__init__("You don't annotate in this queue; its lead can add you.")


class QueuePaused(ReviewRefused):
    """The queue is paused."""

    def __init__(self) -> None:
        super().__init__("This queue is paused. What you have typed is kept.")


class QueueClosed(ReviewRefused):
    """The queue is closed."""

    def __init__(self) -> None:
        super().__init__("This queue is closed: nothing more is reviewed in it.")


class MemberPaused(ReviewRefused):
    """A lead, or the drift of the person's gold answers, has paused them.

    `reason` is a sentence for both of them; empty when a lead paused the person.
    """

    def __init__(self, reason: str) -> None:
        if reason:
            message = (
                f"You are paused in this queue. {reason} Its lead knows and can let you go on."
            )
        else:
            message = (
                "A lead has paused you in this queue; ask them why. What you have typed is kept."
            )
        super().__init__(message)


class ScreeningFailed(MemberPaused):
    """The person failed the screening."""

    def __init__(self) -> None:
        ReviewRefused.__init__(
            self,
            "Too few of your answers to the first items were right to go on in this queue."
            " Its lead can let you try again.",
        )


class NotScreened(ReviewRefused):
    """The person must answer the screening items first."""

    def __init__(self) -> None:
        super().__init__(
            "This queue begins with a few traces that it chooses; answer these before you pick one."
        )


class LeaseLost(ReviewRefused):
    """The item is no longer the person's, and can't be given back to them."""

    def __init__(self, why: str = "it was given to someone else while you were away") -> None:
        super().__init__(f"This item is no longer yours: {why}. What you typed is kept as a draft.")


class ReviewWithdrawn(ReviewRefused):
    """A lead has withdrawn the review."""

    def __init__(self) -> None:
        super().__init__(
            "A lead has withdrawn this review: it no longer counts, and can't be changed."
        )


class DraftConflict(ReviewRefused):
    """Another window saved a newer draft, which has `content` and `version`."""

    def __init__(self, content: dict[str, Any], version: int) -> None:
        super().__init__("You typed something newer on this trace in another window.")
        self.content = content
        self.version = version
