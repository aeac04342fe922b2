"""The start of a scoring run: its traces are split into shards.

`inference.runs.control` controls a started run, and `inference.runs.statistics` reports on it.
"""

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from inference.errors import ScoringRefused
from inference.models import Priority, Schedule, Scorer, ScoringRun
from inference.run_log import log_run_event
from inference.runs.selection import Selection, select_traces
from inference.shards.dispatch import notify_workers_on_commit
from traces.models import Dataset

# Traces in a shard: enough that claiming and recording don't count, few enough that a lost worker
# costs little. A program judges thousands a second. A GPU reads 32,000 tokens of a PRM at once: of
# ProcessBench's texts two fifths of a batch are padding when 50 traces are sorted by length, and a
# fifth of those from 250; more would leave the GPUs of a small run without a share.
SHARD_SIZES = {Scorer.Kind.CHECKER: 500, Scorer.Kind.PRM: 250, Scorer.Kind.CRITIC: 25}
# A critic's is as many times the requests that it may have in flight, if that is more: while the
# last ones of a shard are written the endpoint is half idle, and that is then a small part.
REQUEST_ROUNDS = 4
ATTEMPTS = 3

# A problem's traces stand together, since they have most of their text in common. The database
# cuts, so that a million traces cost this process the numbers of their shards.
CREATE_SHARDS = """
WITH cut AS (
    INSERT INTO inference_shard (
        run_id, number, trace_ids, status, attempts, attempts_allowed, worker,
        judged, unparsable, failures, seconds, tokens, gpu_seconds, error
    )
    SELECT %s, place / %s, array_agg(id ORDER BY place), 'queued', 0, %s, '',
        0, 0, '{{}}', 0, 0, 0, ''
    FROM (
        SELECT id, row_number() OVER (ORDER BY problem_id, id) - 1 AS place
        FROM ({traces}) AS chosen
    ) AS placed
    GROUP BY place / %s
    ORDER BY place / %s
    RETURNING cardinality(trace_ids) AS size
)
SELECT count(*), coalesce(sum(size), 0) FROM cut
"""


def start_run(
    scorer: Scorer,
    *,
    dataset: Dataset,
    created_by: User | None,
    only_missing: bool = False,
    filter_name: str = "",
    priority: int = Priority.NORMAL,
) -> ScoringRun:
    """Split the dataset's traces, or those of its saved filter, into shards and notify workers.

    `only_missing` excludes traces that the scorer has judged. Raises ScoringRefused for an unknown
    filter, and while another run of the scorer over the same traces is open.
    """
    chosen = select_traces(dataset, filter_name=filter_name, only_missing=only_missing)
    return start_selection(scorer, chosen, created_by=created_by, priority=priority)


def start_selection(
    scorer: Scorer,
    chosen: Selection,
    *,
    created_by: User | None,
    priority: int = Priority.NORMAL,
    schedule: Schedule | None = None,
) -> ScoringRun:
    """Start the run of a selection; without traces it finishes at once.

    Raises ScoringRefused.
    """
    _refuse_duplicate(scorer, chosen)
    with transaction.atomic():
        run = ScoringRun.objects.create(
            scorer=scorer,
            dataset=chosen.dataset,
            choices=chosen.choices,
            filter_name=chosen.filter_name,
            only_missing=chosen.only_missing,
            after_trace=chosen.after_trace,
            priority=priority,
            schedule=schedule,
            created_by=created_by,
        )
        shards, run.trace_count = _create_shards(run, chosen)
        if not shards:
            run.status = ScoringRun.Status.FINISHED
            run.started_at = run.ended_at = timezone.now()
        run.save()
        said = f"Requested: {run.trace_count:,} traces, {shards:,} shards"
        log_run_event(run.pk, f"{said}, {run.get_priority_display()} priority.", user=created_by)
        notify_workers_on_commit(scorer.queue)
    return run


def _refuse_duplicate(scorer: Scorer, chosen: Selection) -> None:
    going = ScoringRun.objects.going().filter(
        scorer=scorer,
        dataset=chosen.dataset,
        choices=chosen.choices,
        after_trace=chosen.after_trace,
    )
    twin = going.first()
    if twin is not None:  # two requests in the same instant start two, which costs time alone
        raise ScoringRefused(
            f"{scorer.name} is already scoring {chosen.dataset.name} in run {twin.pk}"
            f" ({twin.get_status_display()}). Wait for it or cancel it."
        )


def shard_size(scorer: Scorer) -> int:
    """Return how many traces a shard of the scorer has."""
    kind = Scorer.Kind(scorer.kind)
    in_flight = scorer.parameters.get("concurrency", 0) if kind == Scorer.Kind.CRITIC else 0
    return max(SHARD_SIZES[kind], REQUEST_ROUNDS * in_flight)


def _create_shards(run: ScoringRun, chosen: Selection) -> tuple[int, int]:
    """Create the run's shards. Return the numbers of shards and traces."""
    traces = chosen.traces(run.scorer.judge_id).order_by().values("id", "problem_id")
    sql, values = traces.query.sql_with_params()
    size = shard_size(run.scorer)
    with connection.cursor() as cursor:
        cursor.execute(
            CREATE_SHARDS.format(traces=sql), [run.pk, size, ATTEMPTS, *values, size, size]
        )
        shards, trace_count = cursor.fetchone()
    return shards, trace_count
