"""What giving an item costs does not grow with the queue, nor with what the person did before."""

from typing import Any

import pytest
from django.db import connection

from annotations.leases.assignment import (
    PARTIALLY_ASSIGNED,
    RETURNING,
    UNASSIGNED,
    WINDOW,
    AssignmentRequest,
)
from annotations.leases.lifecycle import next_lease
from annotations.models import Item, Lease, Queue
from annotations.queues.populate import fill
from tests.annotations.factories import answer, make_queue, member, people, send, take
from tests.factories import make_trace, make_user
from tests.plans import Node, explained, most_rows

pytestmark = pytest.mark.django_db

ITEMS = 6_000
DONE = 3_000

_TRACES = """
INSERT INTO traces_trace
    (dataset_id, problem_id, generator_id, external_id, steps, step_count, content_hash, metadata,
     created_at, is_current_segmentation)
SELECT dataset_id, problem_id, generator_id, 'copy-' || number, steps, step_count,
       gen_random_uuid(), '{}', now(), true
FROM traces_trace, generate_series(1, %s) AS number WHERE id = %s
"""
# The person answered the head of the queue, and each of these items waits for a second one.
_ANSWERED = """
WITH head AS (
    UPDATE annotations_item SET people = 1, answers = 1, free_slots = '{1}'
    WHERE id IN (SELECT id FROM annotations_item WHERE queue_id = %(queue)s AND people = 0
                 ORDER BY priority DESC, id DESC LIMIT %(done)s)
    RETURNING id
)
INSERT INTO annotations_lease (item_id, queue_id, annotator_id, slot, state, is_ahead, is_blind,
                               granted_at, heartbeat_at, expires_at, ended_at, note)
SELECT id, %(queue)s, %(user)s, 0, 'submitted', false, false, now(), now(), now(), now(), ''
FROM head
"""


@pytest.fixture
def assignment() -> AssignmentRequest:
    """Make a person with answers on the first 3,000 of 6,000 items, all unresolved."""
    queue, user = make_queue(0, overlap=2), make_user()
    trace = make_trace(queue.dataset)
    with connection.cursor() as cursor:
        cursor.execute(_TRACES, [ITEMS - 1, trace.pk])
        fill(queue)
        take(queue, user)
        cursor.execute(_ANSWERED, {"queue": queue.pk, "done": DONE, "user": user.pk})
        cursor.execute("ANALYZE annotations_item, annotations_lease")
    return AssignmentRequest(queue, member(queue, user))


def granted(assignment: AssignmentRequest, sql: str, **parameters: Any) -> list[Node]:
    return explained(sql, assignment.parameters | parameters)


def test_a_fresh_item_is_the_first_row_of_an_index(assignment):
    plan = granted(assignment, UNASSIGNED, random=False)
    assert "item_fresh" in {node.get("Index Name") for node in plan}
    assert most_rows(plan) == 1


def test_items_of_ones_own_are_passed_over_a_window_at_a_time(assignment):
    plan = granted(assignment, PARTIALLY_ASSIGNED, priority=float("inf"), item=0, window=WINDOW)
    indexes = {node.get("Index Name") for node in plan}
    assert "item_begun" in indexes
    # Whose the item was is asked by either unique index of a lease: both begin with the item.
    assert indexes & {"lease_one_a_person", "lease_one_a_slot"}
    assert "Seq Scan" not in {node["Node Type"] for node in plan}
    assert most_rows(plan) <= WINDOW


def test_what_comes_back_is_looked_up_by_the_person(assignment):
    plan = granted(assignment, RETURNING, early=False, lease=None, purpose=None)
    assert "lease_returning" in {node.get("Index Name") for node in plan}
    assert most_rows(plan) <= 1


def test_the_person_is_given_a_fresh_item_past_their_own(assignment):
    Lease.objects.filter(state="held").update(state="submitted")
    lease = take(Queue.objects.get(), Lease.objects.first().annotator)
    assert (lease.slot, lease.item.people) == (0, 1)
    assert Item.objects.filter(people__gt=0).count() == DONE + 2


def test_two_people_are_given_two_items():
    queue, (ada, bob) = make_queue(2), people(2)
    assert take(queue, ada).item_id != take(queue, bob).item_id


def test_oldest_comes_first():
    queue, user = make_queue(3), make_user()
    given = [answer(queue, user).lease.item.trace_id for _ in range(3)]
    assert given == sorted(given)


def test_overlap_gives_an_item_to_that_many_people_and_to_nobody_twice():
    queue, users = make_queue(1, overlap=2), people(3)
    given = [next_lease(queue, user) for user in users]
    assert [lease.slot if lease else None for lease in given] == [0, 1, None]
    send(take(queue, users[0]))
    assert next_lease(queue, users[0]) is None


def test_begun_items_come_before_fresh_ones():
    queue, (ada, bob) = make_queue(3, overlap=2), people(2)
    answer(queue, ada)
    answer(queue, ada)
    begun = set(Lease.objects.values_list("item_id", flat=True))
    assert {answer(queue, bob).lease.item_id, answer(queue, bob).lease.item_id} == begun


def test_a_person_is_led_past_what_they_did_themselves(monkeypatch):
    monkeypatch.setattr("annotations.leases.assignment.WINDOW", 2)
    monkeypatch.setattr("annotations.leases.assignment.WINDOWS_AT_ONCE", 2)
    queue, (ada, bob) = make_queue(12, overlap=2), people(2)
    for _ in range(11):
        answer(queue, ada)
    for _ in range(12):
        answer(queue, bob)
    assert next_lease(queue, bob) is None
    assert take(queue, ada).item.answers == 1


def test_a_blind_share_of_one_blinds_everybody():
    queue, user = make_queue(1, blind_share=1.0), make_user()
    assert take(queue, user).is_blind
