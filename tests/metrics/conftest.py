"""What most tests of the pages and figures look at, and who looks."""

import pytest
from django.test import Client

from tests.factories import make_user
from tests.metrics.worlds import World, make_world


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reader(client: Client) -> Client:
    """Sign in an annotator, who may read everything that is not private."""
    client.force_login(make_user("reader"))
    return client
