"""Rows for the queue benchmark: traces created with SQL, people with sessions, finished work."""

from dataclasses import dataclass
from typing import Any

# Ten traces per problem; six steps of about eighty characters with a formula.
PROBLEMS = """
INSERT INTO traces_problem (dataset_id, subset, text, content_hash)
SELECT %(dataset)s, '', 'Ada buys ' || n || ' pencils at $2$ dollars each. What does she pay?',
       md5('problem ' || n)::uuid
FROM generate_series(1, greatest(%(count)s / 10, 1)) AS n
"""
TRACES = """
INSERT INTO traces_trace
    (dataset_id, problem_id, generator_id, external_id, steps, step_count, content_hash, metadata,
     created_at, is_current_segmentation)
SELECT %(dataset)s, problem.id, %(generator)s, problem.id || '-' || k,
       ARRAY(SELECT 'Step ' || s || ': since each pencil costs $2$ dollars, we have \\(' || s
                    || ' \\cdot 2 = ' || 2 * s || '\\), and so on to the end.'
             FROM generate_series(1, 6) AS s),
       6, gen_random_uuid(), '{}', now(), true
FROM traces_problem AS problem, generate_series(1, 10) AS k
WHERE problem.dataset_id = %(dataset)s
"""
# Two people answered the head of the queue, which needs a third answer.
ANSWERED = """
WITH head AS (
    UPDATE annotations_item SET people = 2, answers = 2, free_slots = '{2}'
    WHERE id IN (SELECT id FROM annotations_item WHERE queue_id = %(queue)s
                 ORDER BY priority DESC, id DESC LIMIT %(done)s)
    RETURNING id
), leased AS (
    INSERT INTO annotations_lease (item_id, queue_id, annotator_id, slot, state, is_ahead, is_blind,
                                   granted_at, heartbeat_at, expires_at, ended_at, note, verdict_id)
    SELECT id, %(queue)s, people.annotator, people.slot, 'submitted', false, false, now(), now(),
           now(), now(), '', NULL
    FROM head, (VALUES (%(first)s, 0), (%(second)s, 1)) AS people(annotator, slot)
)
SELECT count(*) FROM head
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in user."""

    user_id: int
    session: str


def make_queue(name: str, traces: int) -> Any:
    """Create an empty queue over a new dataset, with an overlap of three and at most five."""
    from django.db import connection

    from annotations.queues.create import create_queue
    from traces.models import Dataset, Generator

    dataset = Dataset.objects.create(name=name)
    generator, _ = Generator.objects.get_or_create(name="model-a", revision="")
    rows = {"dataset": dataset.pk, "generator": generator.pk, "count": traces}
    with connection.cursor() as cursor:
        cursor.execute(PROBLEMS, rows)
        cursor.execute(TRACES, rows)
        cursor.execute("ANALYZE traces_problem, traces_trace")
    return create_queue(
        dataset,
        "Load",
        created_by=None,
        is_for_everyone=True,
        overlap=3,
        max_overlap=5,
        rule="processbench",
        random_share=0.2,
        blind_share=0.5,
    )


def make_people(count: int) -> list[Person]:
    """Create signed-in annotators."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User

    users = [User(username=f"person-{n}") for n in range(count)]
    for user in users:
        user.set_unusable_password()
    people = []
    for user in User.objects.bulk_create(users):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        people.append(Person(user.pk, session.session_key or ""))
    return people


def answer_head(queue: Any, first: Person, second: Person, done: int) -> None:
    """Record answers of two people on the first `done` items, which stay open."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            ANSWERED,
            {"queue": queue.pk, "done": done, "first": first.user_id, "second": second.user_id},
        )
        cursor.execute("ANALYZE annotations_item, annotations_lease")
