"""Refusals, each with a message that a person can read."""

import pytest

from accounts.errors import Refused
from annotations.errors import (
    DraftConflict,
    LeaseLost,
    MemberPaused,
    NotAMember,
    NotScreened,
    QueueClosed,
    QueuePaused,
    ReviewRefused,
    ReviewWithdrawn,
    ScreeningFailed,
)


@pytest.mark.parametrize(
    "refusal",
    [
        NotAMember(),
        QueuePaused(),
        QueueClosed(),
        MemberPaused(""),
        ScreeningFailed(),
        NotScreened(),
        LeaseLost(),
        ReviewWithdrawn(),
        DraftConflict({}, 1),
    ],
)
def test_every_refusal_is_a_full_sentence(refusal: ReviewRefused):
    assert isinstance(refusal, Refused)
    message = str(refusal)
    assert message[0].isupper() and message.endswith(".")


def test_a_pause_gives_its_reason():
    reason = "Of the last 5 gold items 2 were right."
    assert reason in str(MemberPaused(reason))
    assert "Ask them why" in str(MemberPaused(""))


def test_a_lost_lease_says_why():
    assert ": you have finished it." in str(LeaseLost("you have finished it"))


def test_a_failed_screening_is_a_pause_without_its_internal_reason():
    assert isinstance(ScreeningFailed(), MemberPaused)
    assert "screening failed" not in str(ScreeningFailed())


def test_a_draft_conflict_has_the_newer_draft():
    conflict = DraftConflict({"note": "a"}, 3)
    assert (conflict.content, conflict.version) == ({"note": "a"}, 3)
