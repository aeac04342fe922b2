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
from annotations.models import Item, Lease, Queue
from annotations.queues.populate import fill
from tests.annotations.making import make_queue, member, take
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
    """A person who did the first 3,000 of 6,000 items, each of which waits for somebody else."""
    queue, user = make_queue(0, overlap=2), make_user()
    trace = make_trace(queue.dataset)
    with connection.cursor() as cursor:
        cursor.execute(_TRACES, [ITEMS - 1, trace.pk])
        fill(queue)
        take(queue, user)
        cursor.execute(_ANSWERED, {"queue": queue.pk, "done": DONE, "user": user.pk})
        cursor.execute("ANALYZE annotations_item, annotations_lease")
    return AssignmentRequest(queue, member(queue, user))


def granted(assignment: AssignmentRequest, sql: str, **more: Any) -> list[Node]:
    return explained(sql, assignment.parameters | more)


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
