from celery import shared_task

from inference import reporting, reviving, scheduling, sending, shards

reporting.connect_signals()


@shared_task(name="inference.work")
def work(queue: str) -> None:
    if shards.score_next(queue):
        sending.wake_another(queue)


@shared_task(name="inference.requeue_silent_shards")
def requeue_silent_shards() -> None:
    reviving.requeue_silent()
    reviving.wake_all()
    reporting.forget_gone()


@shared_task(name="inference.start_due_schedules")
def start_due_schedules() -> None:
    scheduling.start_due()
