"""Retries: how long to wait, and when to give up."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from inference.backends.chat.request_retry import (
    TRIES,
    RetrySchedule,
    TransientFailure,
    retry_after_seconds,
)


class Down(Exception):
    """The endpoint is down."""


def test_waits_double_until_the_tries_are_used_up():
    schedule = RetrySchedule(patience=1000)
    now = time.monotonic()
    waits = [
        schedule.wait_after(TransientFailure(Down()), at=now, answered=now)
        for _ in range(TRIES - 1)
    ]
    assert [round(wait / 0.5) for wait in waits[:2]] == [1, 2]
    assert waits == sorted(waits)
    with pytest.raises(Down):
        schedule.wait_after(TransientFailure(Down()), at=now, answered=now)


def test_patience_ends_the_tries_earlier():
    now = time.monotonic()
    with pytest.raises(Down):
        RetrySchedule(patience=5).wait_after(TransientFailure(Down(), wait=6), at=now, answered=now)


def test_a_busy_endpoint_is_waited_for_while_it_answers_others():
    schedule = RetrySchedule(patience=5)
    busy = TransientFailure(Down(), wait=1, too_many_requests=True)
    long_ago = time.monotonic() - 100
    for _ in range(3 * TRIES):
        assert schedule.wait_after(busy, at=long_ago, answered=time.monotonic()) == 1
    with pytest.raises(Down):
        schedule.wait_after(busy, at=long_ago, answered=long_ago)


def test_retry_after_is_a_number_or_a_date():
    assert retry_after_seconds("2.5") == 2.5
    later = datetime.now(UTC) + timedelta(seconds=30)
    assert retry_after_seconds(format_datetime(later)) == pytest.approx(30, abs=2)
    assert [retry_after_seconds(text) for text in ("", "-1", "nan", "soon")] == [None] * 4
