from collections.abc import Iterator
from typing import Any

import pytest

from tests.accounts.identity_provider import CLIENT, SECRET, IdentityProvider, running
from tests.accounts.sign_on_client import ADA


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with running() as server:
        server.claims = dict(ADA)
        settings.OIDC_SERVER = server.address
        settings.OIDC_CLIENT, settings.OIDC_SECRET = CLIENT, SECRET
        settings.OIDC_NAME = "Example"
        settings.OIDC_DOMAINS = []
        settings.ALLOWED_HOSTS = ["testserver"]
        yield server
