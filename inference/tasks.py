import time

from celery import shared_task

from inference import reporting, rethresholding, reviving, scheduling, sending, serving, shards
from inference.models import Scorer

reporting.connect_signals()

# Before a worker passes on what it can't do, so that two of them don't play ball with it.
PASSING_SECONDS = 1.0


@shared_task(name="inference.work")
def work(queue: str) -> None:
    if shards.score_next(queue):
        sending.wake_another(queue)
    elif serving.others_could(queue, but=reporting.this_worker().name):
        time.sleep(PASSING_SECONDS)
        sending.wake_another(queue)


@shared_task(name="inference.requeue_silent_shards")
def requeue_silent_shards() -> None:
    reviving.requeue_silent()
    reviving.wake_all()
    reporting.forget_gone()


@shared_task(name="inference.start_due_schedules")
def start_due_schedules() -> None:
    scheduling.start_due()


@shared_task(name="inference.derive_verdicts")
def derive_verdicts(scorer_id: int, source_id: int) -> None:
    scorer, source = (Scorer.objects.get(pk=pk) for pk in (scorer_id, source_id))
    rethresholding.derive_verdicts(scorer, source)
