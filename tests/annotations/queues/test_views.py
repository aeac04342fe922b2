"""A queue's lead side: making, changing, pausing, copying, deleting, people, the log."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import Event, Queue, QueueMember
from tests.annotations.factories import answer, make_queue
from tests.annotations.queues.queue_pages import fields_of, filled_in, page
from tests.factories import make_dataset, make_trace, make_user
from traces.models import SavedFilter, Verdict

pytestmark = pytest.mark.django_db


def test_a_queue_is_made_of_a_saved_filter_and_filled(client: Client, lead: User):
    dataset = make_dataset()
    wanted = make_trace(dataset, subset="a")
    make_trace(dataset, subset="b")
    saved = SavedFilter.objects.create(dataset=dataset, name="a", choices={"subset": "a"})
    data = filled_in(
        client, dataset, name="first", saved_filter=saved.pk, overlap=2, rule="majority"
    )
    client.post(reverse("annotations:queue-create", args=[dataset.name]), data)
    queue = Queue.objects.get(name="first")
    assert list(queue.items.values_list("trace", flat=True)) == [wanted.pk]
    assert (queue.overlap, queue.max_overlap, queue.rule) == (2, 2, "majority")
    assert queue.members.get(user=lead).role == "lead"
    assert "1" in page(client, "queue-detail", queue.pk).select_one("dl.facts").text


def test_rules_change_and_what_cannot_is_refused(client: Client, lead: User):
    queue = make_queue(1)
    address = reverse("annotations:queue-settings", args=[queue.pk])
    data = fields_of(page(client, "queue-settings", queue.pk))
    client.post(address, data | {"guidelines": "# Look closely", "overlap": 2})
    queue.refresh_from_db()
    assert (queue.guidelines, queue.overlap) == ("# Look closely", 2)
    refused = client.post(address, data | {"overlap": 1})
    assert "the number can only be raised" in refused.content.decode()
    refused = client.post(address, data | {"overlap": 2, "label_scheme": "every_step"})
    assert "Duplicate the queue instead" in refused.content.decode()


def test_a_queue_is_paused_opened_and_closed_permanently(client: Client, lead: User):
    queue = make_queue(1)
    states = []
    for status in ("paused", "open", "closed", "open"):
        client.post(reverse("annotations:queue-status", args=[queue.pk]), {"status": status})
        queue.refresh_from_db()
        states.append(queue.status)
    assert states == ["paused", "open", "closed", "closed"]


def test_new_traces_are_put_in_on_demand(client: Client, lead: User):
    queue = make_queue(1)
    make_trace(queue.dataset)
    client.post(reverse("annotations:queue-fill", args=[queue.pk]))
    assert queue.items.count() == 2


def test_a_copy_has_the_rules_and_a_taken_name_is_refused(client: Client, lead: User):
    queue = make_queue(2, overlap=2, rule="unanimity")
    address = reverse("annotations:queue-duplicate", args=[queue.pk])
    client.post(address, {"name": "again"})
    copy = Queue.objects.get(name="again")
    assert (copy.overlap, copy.rule, copy.items.count()) == (2, "unanimity", 2)
    client.post(address, {"name": "again"})
    assert Queue.objects.filter(name="again").count() == 1


def test_deleting_says_count_deletions_and_keeps_the_verdicts(client: Client, lead: User):
    queue = make_queue(2)
    answer(queue, make_user(), 1)
    shown = page(client, "queue-delete", queue.pk).text
    assert "held by people" in shown
    client.post(reverse("annotations:queue-delete", args=[queue.pk]))
    assert not Queue.objects.exists()
    assert Verdict.objects.filter(origin="review").count() == 1


def test_the_log_is_every_event_a_line(client: Client, lead: User):
    queue = make_queue(1)
    answer(queue, make_user("ann"), 1)
    answered = client.get(reverse("annotations:queue-log", args=[queue.pk]))
    rows = [json.loads(line) for line in b"".join(answered.streaming_content).splitlines()]
    assert [row["id"] for row in rows] == list(
        Event.objects.filter(queue=queue).order_by("pk").values_list("pk", flat=True)
    )
    submitted = next(row for row in rows if row["kind"] == "submitted")
    assert submitted["user"] == "ann"
    assert submitted["trace"]


def test_roles_open_a_queues_pages_and_strangers_find_nothing(client: Client):
    queue = make_queue(1)
    Queue.objects.update(is_for_everyone=False)
    seen = {}
    for role in ("stranger", "viewer", "annotator", "reviewer", "lead"):
        user = make_user()
        if role != "stranger":
            QueueMember.objects.create(queue=queue, user=user, role=role)
        client.force_login(user)
        names = ("queue-detail", "dispute-list", "queue-settings")
        seen[role] = [
            client.get(reverse(f"annotations:{name}", args=[queue.pk])).status_code
            for name in names
        ]
    assert seen == {
        "stranger": [404, 404, 404],
        "viewer": [200, 403, 403],
        "annotator": [200, 403, 403],
        "reviewer": [200, 200, 403],
        "lead": [200, 200, 200],
    }


def test_rules_that_no_longer_fit_the_dataset_say_so_when_copied_or_filled(client: Client):
    queue = make_queue(1)
    Queue.objects.update(choices={"subset": "gone"})
    client.force_login(make_user(role="lead"))
    for verb, data in {"duplicate": {"name": "copy"}, "fill": {}}.items():
        address = reverse(f"annotations:queue-{verb}", args=[queue.pk])
        answered = client.post(address, data, follow=True).content.decode()
        assert "filter&#x27;s subset doesn&#x27;t apply to" in answered
    assert Queue.objects.get() == queue
