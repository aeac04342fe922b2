"""Refusals of an assignment or a review, each with a message for the person."""

from typing import Any

from accounts.errors import Refused


class ReviewRefused(Refused):
    """The request can't be done; the message is for the person who made it."""


class NotAMember(ReviewRefused):
    """The person may not annotate in the queue."""

    def __init__(self) -> None:
        super().__init__("You aren't a member of this queue. Its lead can add you.")


class QueuePaused(ReviewRefused):
    """The queue is paused."""

    def __init__(self) -> None:
        super().__init__("This queue is paused. Your draft is kept.")


class QueueClosed(ReviewRefused):
    """The queue is closed."""

    def __init__(self) -> None:
        super().__init__("This queue is closed.")


class MemberPaused(ReviewRefused):
    """A lead, or the drift of the person's gold answers, has paused them.

    `reason` is a sentence for both of them; empty when a lead paused the person.
    """

    def __init__(self, reason: str) -> None:
        if reason:
            message = f"You are paused in this queue. {reason} Its lead can let you continue."
        else:
            message = "A lead paused you in this queue. Ask them why. Your draft is kept."
        super().__init__(message)


class ScreeningFailed(MemberPaused):
    """The person failed the screening."""

    def __init__(self) -> None:
        ReviewRefused.__init__(
            self,
            "You didn't pass the screening of this queue. Its lead can let you try again.",
        )


class NotScreened(ReviewRefused):
    """The person must answer the screening items first."""

    def __init__(self) -> None:
        super().__init__(
            "This queue starts with screening items. Answer them before you pick a trace."
        )


class LeaseLost(ReviewRefused):
    """The item is no longer the person's, and can't be given back to them."""

    def __init__(self, why: str = "it was assigned to somebody else while you were away") -> None:
        super().__init__(f"This item is no longer assigned to you: {why}. Your draft is kept.")


class ReviewWithdrawn(ReviewRefused):
    """A lead has withdrawn the review."""

    def __init__(self) -> None:
        super().__init__("A lead withdrew this review. It no longer counts and can't be changed.")


class DraftConflict(ReviewRefused):
    """Another window saved a newer draft, which has `content` and `version`."""

    def __init__(self, content: dict[str, Any], version: int) -> None:
        super().__init__("There is a newer draft of this trace from another window.")
        self.content = content
        self.version = version
