"""A judge stops in the middle of its work when its check says so."""

import asyncio

import pytest

from inference.backends.cancellation import Cancelled, cancellable, check_cancelled


def stop() -> None:
    raise Cancelled


def test_the_check_counts_inside_the_block_only():
    check_cancelled()
    with cancellable(stop), pytest.raises(Cancelled):
        check_cancelled()
    check_cancelled()


def test_blocks_may_be_nested():
    with cancellable(stop):
        with cancellable(lambda: None):
            check_cancelled()
        with pytest.raises(Cancelled):
            check_cancelled()


def test_tasks_that_begin_in_the_block_are_included():
    async def work() -> None:
        check_cancelled()

    with cancellable(stop), pytest.raises(Cancelled):
        asyncio.run(work())
