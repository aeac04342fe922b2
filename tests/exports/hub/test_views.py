"""The pages' part in a push."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exports.hub.push import run_push
from exports.models import HubPush
from tests.exports.hub.finished import make_finished
from tests.exports.hub.the_hub import TheHub
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_offers_the_push_where_there_is_a_token(
    the_hub: TheHub, settings: Any, client: Client
):
    client.force_login(make_user(role="lead"))
    export = make_finished()
    page = reverse("exports:export-detail", args=[export.pk])
    path = reverse("exports:export-push", args=[export.pk])
    assert path in client.get(page).content.decode()
    client.post(path, {"repository": "owner/set", "private": "on"})
    push = HubPush.objects.get()
    assert (push.repository, push.private, push.status) == ("owner/set", True, "queued")
    assert "owner/set" in client.get(page).content.decode()
    assert (
        b"is not a Hugging Face dataset"
        in client.post(path, {"repository": "x"}, follow=True).content
    )
    settings.HUB_TOKEN = ""
    assert path not in client.get(page).content.decode()


def test_a_push_is_cancelled_from_the_page(the_hub: TheHub, client: Client):
    client.force_login(make_user(role="lead"))
    push = HubPush.objects.create(export=make_finished(), repository="owner/set")
    path = reverse("exports:push-cancel", args=[push.pk])
    page = reverse("exports:export-detail", args=[push.export_id])
    assert path in client.get(page).content.decode()
    client.post(path)
    push.refresh_from_db()
    assert push.status == "cancelled"
    run_push(push.pk)
    assert the_hub.created == []
    assert path not in client.get(page).content.decode()
    assert b"there is nothing to cancel" in client.post(path, follow=True).content
