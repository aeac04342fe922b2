"""Names that look like markup are shown as text on every page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.metrics.page_reader import read
from tests.metrics.worlds import HOSTILE, World

pytestmark = pytest.mark.django_db


def test_hostile_names_are_text(reader: Client, world: World) -> None:
    for path in (
        reverse("metrics:judge-list"),
        reverse("metrics:judge-detail", args=[world.critic.pk]),
        reverse("metrics:agreement-matrix"),
        reverse("metrics:generator-list"),
    ):
        page = read(reader, path)
        assert not [tag for tag in page.select("script") if "alert" in tag.get_text()]
        assert HOSTILE in page.get_text() or "<b>poet</b>" in page.get_text()
