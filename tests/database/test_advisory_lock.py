"""Locks by name."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from database.advisory_lock import advisory_lock, session_lock

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(call: Callable[[], bool]) -> bool:
    """Return the call's result in another session."""
    answers: list[bool] = []

    def run() -> None:
        with transaction.atomic():
            answers.append(call())
        connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def test_a_lock_is_held_until_the_transaction_ends():
    with transaction.atomic():
        assert advisory_lock("shop")
        assert advisory_lock("shop", wait=False)  # its own
        assert not elsewhere(lambda: advisory_lock("shop", wait=False))
        assert elsewhere(lambda: advisory_lock("another shop", wait=False))
    assert elsewhere(lambda: advisory_lock("shop", wait=False))


def test_with_wait_it_comes_after_the_other():
    order: list[str] = []
    begun = Event()

    def other() -> None:
        with transaction.atomic():
            begun.set()
            advisory_lock("shop")
            order.append("second")
        connections.close_all()

    thread = Thread(target=other)
    with transaction.atomic():
        advisory_lock("shop")
        thread.start()
        begun.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_it_needs_a_transaction():
    with pytest.raises(RuntimeError, match="open transaction"):
        advisory_lock("shop")


def test_a_session_lock_spans_transactions_and_ends_with_the_block():
    with session_lock("shop") as locked:
        assert locked
        with transaction.atomic():
            pass
        assert not elsewhere(lambda: advisory_lock("shop", wait=False))
    assert elsewhere(lambda: advisory_lock("shop", wait=False))


def test_a_session_lock_that_another_holds_is_not_taken():
    def locked_here() -> bool:
        with session_lock("shop") as locked:
            return locked

    with session_lock("shop"):
        assert elsewhere(locked_here) is False
    assert elsewhere(locked_here) is True


def test_a_session_lock_ends_with_the_connection():
    with session_lock("shop"):
        connection.close()
        assert elsewhere(lambda: advisory_lock("shop", wait=False))
