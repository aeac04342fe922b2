from celery import shared_task

from training import worker


@shared_task(name="training.train")
def train(run_id: int) -> None:
    worker.train(run_id)
