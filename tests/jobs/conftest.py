"""The broker of a test, and what its jobs left."""

from collections.abc import Iterator

import pytest
from celery import current_app

from tests.jobs import errands
from tests.jobs.own_broker import Broker, own_broker


@pytest.fixture(autouse=True)
def nothing_cleaned() -> None:
    errands.cleaned.clear()


@pytest.fixture
def broker() -> Iterator[Broker]:
    """Run a broker that Celery sends to."""
    with own_broker() as server:
        before = current_app.conf.broker_url
        address = f"redis://127.0.0.1:{server.port}/0"
        current_app.conf.update(broker_url=address, broker_write_url=address)
        yield server
        current_app.conf.update(broker_url=before, broker_write_url=before)
