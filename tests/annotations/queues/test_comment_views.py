"""The page of the comments to a queue's lead."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import StepComment
from tests.annotations.factories import make_queue
from tests.annotations.queues.queue_pages import page
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_comments_on_steps_are_listed_and_done(client: Client, lead: User):
    queue = make_queue(1)
    comment = StepComment.objects.create(
        item=queue.items.get(), step=1, author=make_user(), text="<b>odd</b>"
    )
    shown = page(client, "queue-comments", queue.pk)
    assert "<b>odd</b>" in shown.select_one("tbody td bdi").text
    assert shown.select_one("tbody td").text == "2"
    client.post(reverse("annotations:comment-resolve", args=[queue.pk, comment.pk]))
    comment.refresh_from_db()
    assert comment.resolved_at
