"""The project's Celery application, with the scripted backend among the others."""

import django

from inference.backends import BACKENDS
from misstep.celery import app

django.setup()

from tests.inference.scripted import ENTRY  # noqa: E402 its models need the set-up

BACKENDS["scripted"] = ENTRY

__all__ = ["app"]
