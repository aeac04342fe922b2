"""The health page, with every service and without one of them."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from misstep import views
from tests.jobs.conftest import broker
from tests.jobs.own_broker import Broker

__all__ = ["broker"]
pytestmark = pytest.mark.django_db


def test_all_is_well(client: Client, broker: Broker):
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok"})


def test_it_says_when_the_broker_is_away(client: Client, broker: Broker):
    broker.stop()
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "away"})


def test_it_says_when_the_database_is_away(
    client: Client, broker: Broker, monkeypatch: pytest.MonkeyPatch
):
    class Away:
        def cursor(self) -> None:
            raise OperationalError("connection refused")

    monkeypatch.setattr(views, "connection", Away())
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()) == (503, {"database": "away", "broker": "ok"})
