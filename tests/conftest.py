"""Fixtures that every test may use."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import psycopg
import pytest
from django.test import Client

from misstep.local import addresses
from misstep.local.service_keeper import services

if TYPE_CHECKING:
    from accounts.models import User

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
# These take minutes. They begin first, so that at the end no process is left alone with one.
LONGEST = [
    "training/test_docs.py",
    "inference/test_survival.py",
    "jobs/test_outages.py",
    "training/loop",
    "e2e",
    "exports/recipes/test_trainers.py",
    "misstep/management/test_evaluate.py",
]

# The same examples at every run, so that a failure is the change's own. To look for more:
# pytest -m hypothesis --hypothesis-profile=default
hypothesis.settings.register_profile("repeatable", derandomize=True)
hypothesis.settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest = [ROOT / "tests" / name for name in LONGEST]

    def place(item: pytest.Item) -> int:
        under = (at for at, path in enumerate(longest) if item.path.is_relative_to(path))
        return next(under, len(longest))

    items.sort(key=place)


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Find a public dataset in the folder next to the project; skip the test without it."""

    def find(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.exists():
            pytest.skip(f"the public dataset {name} is not next to the project")
        return path

    return find


@pytest.fixture
def lead(client: Client) -> "User":
    """Log a lead in by `client`."""
    from tests.factories import make_user  # models, which wait for Django

    user = make_user("the-lead", role="lead")
    client.force_login(user)
    return user


@pytest.fixture
def as_lead(client: Client, lead: "User") -> Client:
    return client


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Any]]]:
    """Collect sent messages as a task's name and arguments; no broker gets them."""
    from jobs import queueing

    messages: list[tuple[str, list[Any]]] = []

    def send(task: str, args: Any = (), *, queue: str | None = None, count: int = 1) -> int:
        messages.extend([(task, list(args))] * count)
        return count

    monkeypatch.setattr(queueing, "send", send)
    return messages


@pytest.fixture
def store(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a client of an empty S3-compatible store, which the settings name."""
    from tests.buckets import serving_bucket  # a second that few tests need

    with serving_bucket(settings, monkeypatch) as client:
        yield client


@pytest.fixture(scope="session")
def local_services() -> Iterator[None]:
    """Run PostgreSQL and Valkey, unless the environment names other servers."""
    with services():
        if addresses.own_database():
            drop_left_over_databases()
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(local_services: None) -> None:
    """Start the servers before pytest-django makes the database."""


def drop_left_over_databases() -> None:
    """Drop the databases of test runs that were killed: their name ends in a dead process."""
    with psycopg.connect(addresses.database_url(), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'test!_%' ESCAPE '!'"
        )
        for (name,) in rows.fetchall():
            process = name.rpartition("_")[2]
            if process.isdigit() and not is_alive(int(process)):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
