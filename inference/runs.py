"""Scoring runs: started, cancelled, tried again. How they fare is in `inference.progress`."""

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from inference.errors import ScoringRefused
from inference.models import Scorer, ScoringRun, Shard
from inference.sending import send_on_commit
from traces.models import Dataset

# Traces in a shard: enough that claiming and recording don't count, few enough that a lost worker
# costs little. A program judges thousands a second, a large model a few.
SHARD_SIZES = {Scorer.Kind.CHECKER: 200, Scorer.Kind.PRM: 50, Scorer.Kind.CRITIC: 25}
ATTEMPTS = 3

# A problem's traces stand together, since they have most of their text in common. The database
# cuts, so that a million traces cost this process the numbers of their shards.
CUT = """
INSERT INTO inference_shard (
    run_id, number, trace_ids, status, attempts, attempts_allowed, sent_at, worker,
    judged, unparsable, failures, seconds, error
)
SELECT %(run)s, place / %(size)s, array_agg(id ORDER BY place), 'queued', 0, %(attempts)s,
    statement_timestamp(), '', 0, 0, '{}', 0, ''
FROM (
    SELECT id, row_number() OVER (ORDER BY problem_id, id) - 1 AS place
    FROM traces_trace
    WHERE dataset_id = %(dataset)s AND (
        NOT %(only_missing)s OR NOT EXISTS (
            SELECT FROM traces_verdict
            WHERE judge_id = %(judge)s AND trace_id = traces_trace.id AND is_current
        )
    )
) AS placed
GROUP BY place / %(size)s
ORDER BY place / %(size)s
RETURNING id, cardinality(trace_ids)
"""


def start_run(
    scorer: Scorer, *, dataset: Dataset, created_by: User | None, only_missing: bool = False
) -> ScoringRun:
    """Cut the dataset's traces into shards and send them; `only_missing` leaves out those that the
    scorer has judged. A run without traces is finished at once.

    Raises ScoringRefused while another run of the scorer over the dataset is under way.
    """
    going = ScoringRun.objects.going().filter(scorer=scorer, dataset=dataset).first()
    if going is not None:  # two requests in the same instant start two, which costs time alone
        raise ScoringRefused(
            f"{scorer.name} is already judging {dataset.name} in run {going.pk}; "
            "wait for it or cancel it."
        )
    with transaction.atomic():
        run = ScoringRun.objects.create(scorer=scorer, dataset=dataset, created_by=created_by)
        shards = _cut(run, only_missing=only_missing)
        run.trace_count = sum(size for _, size in shards)
        if not shards:
            run.status = ScoringRun.Status.FINISHED
            run.started_at = run.ended_at = timezone.now()
        run.save()
        send_on_commit([shard_id for shard_id, _ in shards], scorer.queue)
    return run


def cancel_run(run: ScoringRun) -> ScoringRun:
    """Verdicts already written stay; shards at work find out at their next heartbeat.

    Raises ScoringRefused for a run that is over.
    """
    with transaction.atomic():
        # Shards before their run, as everywhere: so no two of us wait for each other.
        run.shards.filter(status__in=Shard.OPEN).update(status=Shard.Status.CANCELLED)
        closed = ScoringRun.objects.going().filter(pk=run.pk)
        if not closed.update(status=ScoringRun.Status.CANCELLED, ended_at=timezone.now()):
            raise ScoringRefused(f"Run {run.pk} is over already.")
    run.refresh_from_db()
    return run


def retry_failed(run: ScoringRun) -> ScoringRun:
    """Give the failed shards of a failed run another three attempts. Raises ScoringRefused."""
    with transaction.atomic():
        shard_ids = _requeue_failed(run)
        opened = ScoringRun.objects.filter(pk=run.pk, status=ScoringRun.Status.FAILED)
        if not opened.update(status=ScoringRun.Status.RUNNING, ended_at=None):
            raise ScoringRefused(f"Run {run.pk} has no failed shards to try again.")
        send_on_commit(shard_ids, run.scorer.queue)
    run.refresh_from_db()
    return run


def _cut(run: ScoringRun, *, only_missing: bool) -> list[tuple[int, int]]:
    """The shards' ids and sizes, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            CUT,
            {
                "run": run.pk,
                "size": SHARD_SIZES[Scorer.Kind(run.scorer.kind)],
                "attempts": ATTEMPTS,
                "dataset": run.dataset_id,
                "judge": run.scorer.judge_id,
                "only_missing": only_missing,
            },
        )
        return cursor.fetchall()


def _requeue_failed(run: ScoringRun) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inference_shard SET status = 'queued', error = '', heartbeat_at = NULL, "
            "attempts_allowed = attempts + %s, sent_at = statement_timestamp() "
            "WHERE run_id = %s AND status = 'failed' RETURNING id",
            [ATTEMPTS, run.pk],
        )
        return [shard_id for (shard_id,) in cursor.fetchall()]
