from celery import shared_task

from training import reaper, worker


@shared_task(name="training.train")
def train(run_id: int) -> None:
    worker.train(run_id)


@shared_task(name="training.revive_runs")
def revive_runs() -> None:
    reaper.requeue_silent()
    reaper.resend_lost()
