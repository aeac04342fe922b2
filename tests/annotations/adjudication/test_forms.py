"""The form of a ruling."""

import pytest
from django.test import Client

from accounts.models import User
from annotations.models import Queue
from tests.annotations.adjudication.disputes import address, disputed
from traces.models import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return disputed(1)


def test_a_step_that_nobody_named_can_be_decided_for(client: Client, lead: User, queue: Queue):
    item = queue.items.get()
    both = client.post(address(item), {"step": 1, "other": 2, "reason": "it divides by 0"})
    assert "Keep only one" in both.content.decode()
    client.post(address(item), {"step": "", "other": 2, "reason": "it divides by 0"})
    queue.refresh_from_db()
    assert Verdict.objects.current().get(judge=queue.judge).earliest_error == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason": "x"}, "Choose a decision"),
        ({"step": 1}, "required"),
        ({"step": 9, "reason": "x"}, "no step 9"),
    ],
)
def test_a_decision_without_choice_or_reason_is_refused(
    client: Client, lead: User, queue: Queue, data: dict[str, object], sentence: str
):
    answered = client.post(address(queue.items.get()), data)
    assert sentence in answered.content.decode()
    assert queue.items.get().status == "disputed"
