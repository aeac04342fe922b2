"""Celery tasks of training."""

from celery import shared_task

from training import run_worker


@shared_task(name="training.train")
def train(run_id: int) -> None:
    """Train the run if it is queued."""
    run_worker.train(run_id)
