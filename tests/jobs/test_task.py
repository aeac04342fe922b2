"""The base class of the tasks: no message is acknowledged and lost with a connection."""

import pytest
from celery import Celery
from celery.exceptions import Reject
from django.db import OperationalError, connection

from database import retry
from jobs.execution import run_job
from jobs.task import DatabaseTask
from tests.jobs.models import Errand

app = Celery("tests", task_cls=DatabaseTask, set_as_current=False)
app.conf.update(task_always_eager=True)


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(retry.time, "sleep", waits.append)
    return waits


@pytest.mark.django_db(transaction=True)
def test_a_connection_killed_in_the_claim_is_tried_again(waited: list[float]):
    errand = Errand.objects.create()

    @app.task(name="killed")
    def run(pk: int) -> None:
        if not waited:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        run_job(Errand, pk, lambda job, beat: {})

    run(errand.pk)
    errand.refresh_from_db()
    assert (errand.status, errand.attempts, len(waited)) == ("finished", 1, 1)


def test_a_database_that_stays_away_gives_the_message_back(waited: list[float]):
    @app.task(name="away")
    def run() -> None:
        raise OperationalError("away")

    with pytest.raises(Reject) as rejected:
        run()
    assert rejected.value.requeue is True
    assert sum(waited) == sum(retry.CONNECTION_WAITS)


def test_other_errors_are_the_task_s_own(waited: list[float]):
    @app.task(name="wrong")
    def run() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        run()
    assert waited == []
