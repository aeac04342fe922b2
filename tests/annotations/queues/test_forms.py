"""The form of a queue's rules."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import Event, Queue
from tests.annotations.factories import make_queue
from tests.annotations.queues.queue_pages import fields_of, filled_in, page
from tests.factories import label, make_dataset, make_trace, make_verdict
from traces.models import Judge

pytestmark = pytest.mark.django_db


def test_the_processbench_protocol_asks_three_to_five_people(client: Client, lead: User):
    dataset = make_dataset()
    data = filled_in(client, dataset, name="first", rule="processbench")
    client.post(reverse("annotations:queue-create", args=[dataset.name]), data)
    queue = Queue.objects.get()
    assert (queue.overlap, queue.max_overlap) == (3, 5)


def test_only_traces_on_which_judges_disagree(client: Client, lead: User):
    dataset = make_dataset()
    disputed, agreed = make_trace(dataset), make_trace(dataset)
    other = Judge.objects.create(kind="model", name="other")
    for trace, second in ((disputed, 2), (agreed, 1)):
        judge = label(trace, 1).judge
        make_verdict(trace, other, second)
    data = filled_in(client, dataset, name="first", disagreeing=[judge.pk, other.pk])
    client.post(reverse("annotations:queue-create", args=[dataset.name]), data)
    assert list(Queue.objects.get().items.values_list("trace", flat=True)) == [disputed.pk]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"error_types": "wrong"}, "use the form name | key | meaning"),
        ({"error_types": "wrong | j | x"}, "already used by the review page"),
        ({"error_types": "one | a | x\ntwo | a | y"}, "is used twice"),
        ({"random_share": "2"}, "less than or equal to 1"),
        ({"name": ""}, "required"),
    ],
)
def test_a_rule_that_cannot_be_is_said_and_nothing_is_made(
    client: Client, lead: User, changes: dict[str, object], message: str
):
    dataset = make_dataset()
    data = filled_in(client, dataset, name="first") | changes
    answered = client.post(reverse("annotations:queue-create", args=[dataset.name]), data)
    assert message in BeautifulSoup(answered.content, "html.parser").select_one(".errorlist").text
    assert not Queue.objects.exists()


def test_rules_that_are_saved_as_they_were_are_not_said_to_have_changed(client: Client, lead: User):
    queue = make_queue(1, guidelines="# Rules\n\nThe first wrong step.")
    data = fields_of(page(client, "queue-settings", queue.pk))
    sent = data | {"guidelines": "# Rules\r\n\r\nThe first wrong step.", "overlap": 2}
    client.post(reverse("annotations:queue-settings", args=[queue.pk]), sent)
    changed = Event.objects.get(queue=queue, kind="changed").details["changed"]
    assert "overlap" in changed
    assert "guidelines" not in changed
