import time
from datetime import timedelta

from celery import shared_task

from inference.runs import availability
from inference.runs.schedules import scheduler
from inference.scorers import derivation_job
from inference.shards import dispatch, score, shard_reaper
from inference.workers import identity, registration

registration.connect_signals(
    on_start=lambda me: shard_reaper.requeue_of_worker(me.name, began=timedelta(seconds=me.age))
)

# Before a worker passes on what it can't do, so that two of them don't play ball with it.
PASSING_SECONDS = 1.0


@shared_task(name="inference.work")
def work(queue: str) -> None:
    if score.score_next(queue):
        dispatch.notify_one_worker(queue)
    elif availability.another_worker_can(queue, exclude=identity.this_worker().name):
        time.sleep(PASSING_SECONDS)
        dispatch.notify_one_worker(queue)


@shared_task(name="inference.forget_gone_workers")
def forget_gone_workers() -> None:
    registration.delete_stale_workers()


@shared_task(name="inference.start_due_schedules")
def start_due_schedules() -> None:
    scheduler.start_due()


@shared_task(name="inference.derive_verdicts")
def derive_verdicts(job_id: int) -> None:
    derivation_job.run_derivation(job_id)
