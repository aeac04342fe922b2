"""How far people follow the models: the label before a reveal against the one after it."""

from dataclasses import dataclass

from django.db import connection

from annotations.models import Queue

# A reveal of a review that was submitted before and never again has no label after it.
_ANCHORING = """
SELECT count(*), count(*) FILTER (WHERE changed), count(*) FILTER (WHERE changed AND towards)
FROM (
    SELECT verdict.earliest_error <> (event.details->>'label')::int AS changed,
           event.details->'models' @> to_jsonb(verdict.earliest_error) AS towards
    FROM annotations_event AS event
    JOIN annotations_lease AS lease ON lease.id = (event.details->>'lease')::bigint
    JOIN traces_verdict AS verdict ON verdict.id = lease.verdict_id
    WHERE event.queue_id = %(queue)s AND event.kind = 'shown'
      AND jsonb_array_length(event.details->'models') > 0
      AND verdict.created_at >= event.at
) AS review
"""


@dataclass(frozen=True, slots=True)
class Anchoring:
    """Reviews decided before a reveal and submitted after it, in which a model's label was seen."""

    revealed: int
    changed: int  # to another label, after the reveal
    towards: int  # of these, to one that a model had given


def anchoring_of(queue: Queue) -> Anchoring:
    """One query, over the queue's reveals."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCHORING, {"queue": queue.pk})
        return Anchoring(*cursor.fetchone())
