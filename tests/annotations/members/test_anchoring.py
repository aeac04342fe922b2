"""What a person decided before they were shown what models said, and what they said after it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.members.anchoring import Anchoring, anchoring_of
from annotations.models import Event, Lease, Queue
from tests.annotations.factories import make_queue
from tests.annotations.review_page import address, open_next, send, soup
from tests.factories import make_dataset, make_scorer, make_trace, make_user, make_verdict

pytestmark = pytest.mark.django_db
# A PRM names the second of three steps, a critic none.
LABELS = [-1, 1]


@pytest.fixture
def ada(client: Client) -> User:
    user = make_user("ada")
    client.force_login(user)
    return user


def judged(traces: int = 1, **rules: object) -> Queue:
    dataset = make_dataset()
    prm, critic = make_scorer().judge, make_scorer().judge
    for _ in range(traces):
        trace = make_trace(dataset)
        make_verdict(trace, prm, 1)
        make_verdict(trace, critic, -1)
    return make_queue(0, dataset=dataset, **{"opinions": "until_decided"} | rules)


def decide(client: Client, queue: Queue, user: User, before: int, after: int | None) -> Lease:
    """Decide for `before`, look, and submit `after`, if anything."""
    lease, page = open_next(client, queue, user)
    shown = soup(send(client, lease, page, reveal="1", earliest_error=before))
    if after is not None:
        send(client, lease, shown, earliest_error=after)
    return lease


def shown(queue: Queue) -> list[dict[str, object]]:
    return list(queue.events.filter(kind="shown").order_by("pk").values_list("details", flat=True))


def test_a_reveal_keeps_the_label_before_it_and_those_of_the_models(client: Client, ada: User):
    queue = judged()
    lease = decide(client, queue, ada, 0, 1)
    event = Event.objects.get(kind="shown")
    assert event.details == {"lease": lease.pk, "label": 0, "models": LABELS}
    assert (event.item_id, event.user_id) == (lease.item_id, ada.pk)


def test_a_reveal_is_kept_once_and_only_where_something_is_revealed(client: Client, ada: User):
    queue = judged(2)
    lease, page = open_next(client, queue, ada)
    for label in (0, 1):
        send(client, lease, page, reveal="1", earliest_error=label)
    assert [details["label"] for details in shown(queue)] == [0]
    for rules in ({"opinions": "hidden"}, {"blind_share": 1.0}):
        other = judged(**rules)
        decide(client, other, ada, 0, 1)
        assert shown(other) == []


def test_what_is_shown_from_the_start_is_kept_without_a_label(client: Client, ada: User):
    queue = judged(opinions="shown")
    lease, page = open_next(client, queue, ada)
    client.get(address(lease))
    send(client, lease, page, earliest_error="1")
    assert shown(queue) == [{"lease": lease.pk}]
    assert anchoring_of(queue) == Anchoring(0, 0, 0)


def test_where_every_step_is_rated_the_label_before_follows_from_the_ratings(
    client: Client, ada: User
):
    queue = judged(label_scheme="every_step")
    lease, page = open_next(client, queue, ada)
    ratings = {"rating-0": "1", "rating-1": "1", "rating-2": "-1"}
    send(client, lease, page, reveal="1", **ratings)
    assert shown(queue) == [{"lease": lease.pk, "label": 2, "models": LABELS}]


def test_who_changes_their_label_after_a_reveal_is_counted_and_who_goes_over_to_a_model(
    client: Client, ada: User
):
    queue = judged(7)
    # Stays, goes over to the PRM, to the critic, away from both; then one who never submits.
    for before, after in [(0, 0), (0, 1), (2, -1), (1, 2), (0, None)]:
        lease = decide(client, queue, ada, before, after)
    send(client, lease, soup(client.get(address(lease))), finish="skip")
    # One who submits without a look.
    lease, page = open_next(client, queue, ada)
    send(client, lease, page, earliest_error="0")
    assert anchoring_of(queue) == Anchoring(revealed=4, changed=3, towards=2)
    client.force_login(make_user(role="lead"))
    people = client.get(reverse("annotations:queue-people", args=[queue.pk]))
    line = " ".join(soup(people).select_one("#anchoring").text.split())
    assert line.startswith("4 reviews were decided before model verdicts were shown.")
    assert "the label changed in 3, and in 2 of these to a label that a model had given." in line


def test_a_look_after_submitting_counts_once_the_review_is_changed(client: Client, ada: User):
    queue = judged()
    lease, page = open_next(client, queue, ada)
    send(client, lease, page, earliest_error="0")
    again = soup(client.get(address(lease)))
    revealed = soup(send(client, lease, again, reveal="1"))
    assert anchoring_of(queue) == Anchoring(0, 0, 0)
    send(client, lease, revealed, earliest_error="1")
    assert anchoring_of(queue) == Anchoring(1, 1, 1)


def test_a_look_at_nothing_is_no_reveal(client: Client, ada: User):
    queue = make_queue(1, opinions="until_decided")
    decide(client, queue, ada, 0, 1)
    assert anchoring_of(queue) == Anchoring(0, 0, 0)
    client.force_login(make_user(role="lead"))
    people = client.get(reverse("annotations:queue-people", args=[queue.pk]))
    assert soup(people).select_one("#anchoring") is None


def test_the_event_log_tells_what_was_decided_before(client: Client, ada: User):
    queue = judged()
    lease = decide(client, queue, ada, 2, 1)
    client.force_login(make_user(role="lead"))
    log = client.get(reverse("annotations:queue-log", args=[queue.pk])).getvalue().decode()
    lines = [json.loads(line) for line in log.splitlines()]
    [line] = [line for line in lines if line["kind"] == "shown"]
    assert line["user"] == "ada"
    assert line["details"] == {"lease": lease.pk, "label": 2, "models": LABELS}
