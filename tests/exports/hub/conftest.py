"""A double of the Hub, which outside tests is another host."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.exports.hub.the_hub import TheHub


@pytest.fixture
def the_hub(settings: Any) -> Iterator[TheHub]:
    server = TheHub()
    Thread(target=server.serve_forever, daemon=True).start()
    settings.HUB_ENDPOINT, settings.HUB_TOKEN = server.address, "a-token"
    yield server
    server.shutdown()
    server.server_close()
