"""What is tried again, and what is not."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg import errors

from database import retry
from database.retry import is_connection_loss, retry_on_connection_loss, retry_on_deadlock


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(retry.time, "sleep", waits.append)
    return waits


def django_error(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def failing(times: int, error: Exception):
    calls: list[int] = []

    def action() -> int:
        calls.append(1)
        if len(calls) <= times:
            raise error
        return len(calls)

    return action


DEADLOCK = django_error(errors.DeadlockDetected("deadlock detected"))


def test_a_deadlock_is_tried_again():
    assert retry_on_deadlock(failing(4, DEADLOCK))() == 5


def test_a_fifth_deadlock_is_an_error():
    with pytest.raises(OperationalError, match="deadlock"):
        retry_on_deadlock(failing(5, DEADLOCK))()


def test_what_is_no_deadlock_is_raised_at_once():
    action = failing(1, django_error(errors.DiskFull("full")))
    with pytest.raises(OperationalError, match="full"):
        retry_on_deadlock(action)()
    assert action() == 2


@pytest.mark.django_db(transaction=True)
def test_a_killed_connection_is_opened_again(waited: list[float]):
    def action() -> int:
        with connection.cursor() as cursor:
            if not waited:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT 7")
            return cursor.fetchone()[0]

    assert retry_on_connection_loss(action) == 7
    assert waited == [0.5]


def test_a_database_that_stays_away_is_an_error(waited: list[float]):
    with pytest.raises(OperationalError, match="away"):
        retry_on_connection_loss(failing(99, OperationalError("away")), waits=[1, 2])
    assert waited == [1, 2]


def test_other_errors_are_raised_at_once(waited: list[float]):
    with pytest.raises(ValueError, match="own"):
        retry_on_connection_loss(failing(1, ValueError("own")))
    assert waited == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_repeated_within_a_transaction(waited: list[float]):
    with pytest.raises(OperationalError, match="away"), transaction.atomic():
        retry_on_connection_loss(failing(1, OperationalError("away")))
    assert waited == []


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (InterfaceError("connection already closed"), True),
        (OperationalError("the connection is closed"), True),
        (django_error(psycopg.OperationalError("consuming input failed")), True),
        (django_error(errors.AdminShutdown("terminating connection")), True),
        (django_error(errors.CannotConnectNow("starting up")), True),
        (django_error(errors.TooManyConnections("too many")), True),
        (django_error(errors.ConnectionFailure("gone")), True),
        (errors.CrashShutdown("a raw one, of a COPY"), True),
        (DEADLOCK, False),
        (django_error(errors.DiskFull("full")), False),
        (django_error(errors.QueryCanceled("timeout")), False),
        (ValueError("x"), False),
    ],
)
def test_only_lost_connections_are_lost_connections(error: Exception, lost: bool):
    assert is_connection_loss(error) is lost
