"""Parameters as JSON."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inference.models import Scorer

pytestmark = pytest.mark.django_db

CREATE = {"name": "critic-a", "backend": "critic", "model": "qwen", "endpoint": "http://gpu-1:8000"}


def create(client: Client, **more: Any) -> Any:
    return client.post(reverse("inference:critic-create"), CREATE | more)


@pytest.mark.usefixtures("lead")
def test_further_parameters_are_json(client: Client):
    create(client, more='{"concurrency": 3}')
    assert Scorer.objects.get().parameters["concurrency"] == 3
