"""A client, a critic and a trace for the tests of asking."""

from typing import Any

import msgspec
import pytest

from inference.backends.chat.client import Client
from inference.backends.chat.options import ChatOptions
from inference.backends.critic.backend import CriticBackend
from inference.backends.interface import Recipe, TraceText
from tests.openai_server import OpenAIServer

TRACE = TraceText("What is 2 + 2?", ["2 + 2 = 4.", "4 = 5.", "So 5."])


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "127.0.0.1, models.example")


def client_of(server: OpenAIServer, **options: Any) -> Client:
    known = {"endpoint": server.url, "patience": 0.0, **options}
    return Client(msgspec.convert(known, ChatOptions), "critic-7b")


def critic(server: OpenAIServer, **parameters: Any) -> CriticBackend:
    known = {"endpoint": server.url, "patience": 0.0, **parameters}
    return CriticBackend(Recipe("critic", model="critic-7b", parameters=known))
