"""Addition of traces to a queue: a million in one statement."""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from annotations.activity import increment, log_event
from annotations.models import Event, Queue, QueueJob
from annotations.queues.background import start_job
from traces.datasets.trace_filter import selected
from traces.models import Trace, Verdict

# With fewer new items the planner's earlier statistics are good enough.
ANALYZE_FROM = 1_000


def traces_for(queue: Queue) -> QuerySet[Trace]:
    """Return the traces that the queue's filter selects now.

    Raises ValueError when the filter no longer fits the dataset.
    """
    traces = selected(queue.dataset, queue.choices)
    if queue.disagreeing:
        verdicts = (
            Verdict.objects.current()
            .filter(trace=OuterRef("pk"), judge__in=queue.disagreeing)
            .order_by()
            .values("trace")
            .annotate(findings=Count("earliest_error", distinct=True))
        )
        traces = traces.filter(Exists(verdicts.filter(findings__gt=1)))
    return traces


# A trace's lot is 52 bits of MD5 over the queue's seed and its id: anybody can draw it again.
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


def fill(
    queue: Queue,
    *,
    by: User | None = None,
    after: int = 0,
    check: Callable[[], None] = lambda: None,
) -> int:
    """Add the traces selected by the queue's filter that are not in it yet. Return how many.

    With `after` only traces with a greater id are added. Items are available at once, oldest first;
    a task computes any other order. Repeating it adds new traces and changes nothing else.
    What `check` raises after the insertion undoes it.
    """
    traces = traces_for(queue).filter(pk__gt=after)
    sql, parameters = traces.order_by().values("id").query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        rules = (queue.pk, queue.seed, queue.sampled_share, list(range(queue.overlap)))
        cursor.execute(_FILL.replace("__TRACES__", sql), (*rules, *parameters))
        added = int(cursor.rowcount)
        check()
        if added >= ANALYZE_FROM:
            cursor.execute("ANALYZE annotations_item")
        if added:
            increment(queue, 0, items=added)
            log_event(queue, Event.Kind.FILLED, user=by, items=added)
            if queue.order in Queue.MOVING:
                start_job(queue, QueueJob.Kind.REORDER, by=by)
    return added
