"""Anchoring: how often people change their label towards the models' after a reveal."""

from dataclasses import dataclass

from django.db import connection

from annotations.models import Queue

# A review that was submitted before its reveal and not again has no label after it.
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
    """Counts of reviews that were decided before a reveal and submitted after it."""

    revealed: int
    changed: int  # to another label, after the reveal
    towards: int  # of these, to a label of a model


def anchoring_of(queue: Queue) -> Anchoring:
    """Return the counts over the queue's reveals. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCHORING, {"queue": queue.pk})
        return Anchoring(*cursor.fetchone())
