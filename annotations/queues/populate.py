"""Making a queue and putting traces into it: a million in one statement."""

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from annotations.counters import count
from annotations.event_log import log
from annotations.models import Event, Queue
from traces.datasets.trace_filter import selected
from traces.models import Trace, Verdict

# Below that many new items, statistics of before will do.
ANALYZE_FROM = 1_000


def traces_for(queue: Queue) -> QuerySet[Trace]:
    """What the queue's choices choose today. Raises ValueError where they no longer fit."""
    traces = selected(queue.dataset, queue.choices)
    if queue.disagreeing:
        spoken = (
            Verdict.objects.current()
            .filter(trace=OuterRef("pk"), judge__in=queue.disagreeing)
            .order_by()
            .values("trace")
            .annotate(findings=Count("earliest_error", distinct=True))
        )
        traces = traces.filter(Exists(spoken.filter(findings__gt=1)))
    return traces


# A lot is 52 bits of MD5 over the queue's seed and the trace: anybody can draw it again.
_FILL = """
WITH rules AS (
    SELECT %s::bigint AS queue, %s::bigint AS seed, %s::float AS share, %s::smallint[] AS slots
), drawn AS (
    SELECT chosen.id, rules.*,
           ('x' || left(md5(seed || ':' || chosen.id), 13))::bit(52)::bigint / 2.0 ^ 52 AS lot
    FROM (__TRACES__) AS chosen, rules
)
INSERT INTO annotations_item
    (queue_id, trace_id, purpose, status, priority, is_random, inclusion_probability, free_slots,
     people, answers, bad_problems, give_ups, gold_feedback)
SELECT queue, id, 'work', 'open', CASE WHEN lot < share THEN 1 - lot ELSE -id END, lot < share,
       CASE WHEN lot < share THEN share END, slots, 0, 0, 0, 0, ''
FROM drawn
ORDER BY id
ON CONFLICT (queue_id, trace_id) DO NOTHING
"""


def fill(queue: Queue, *, by: User | None = None, after: int = 0) -> int:
    """Put in what the queue's choices choose and it has not yet; how many new items it were.

    With `after` only traces of a greater id are looked at.

    Items are there at once, in the order they came in; where another order is asked for, a task
    works it out. Filling again adds what is new and changes nothing else.
    """
    from annotations.tasks import reorder_queue  # the tasks' modules import this one's

    traces = traces_for(queue).filter(pk__gt=after)
    sql, parameters = traces.order_by().values("id").query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        rules = (queue.pk, queue.seed, queue.sampled_share, list(range(queue.overlap)))
        cursor.execute(_FILL.replace("__TRACES__", sql), (*rules, *parameters))
        added = int(cursor.rowcount)
        if added >= ANALYZE_FROM:
            cursor.execute("ANALYZE annotations_item")
        if added:
            count(queue, 0, items=added)
            log(queue, Event.Kind.FILLED, user=by, items=added)
            if queue.order in Queue.MOVING:
                reorder_queue.delay_on_commit(queue.pk)
    return added
