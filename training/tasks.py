from celery import shared_task

from training import reviving, watching


@shared_task(name="training.train")
def train(run_id: int) -> None:
    watching.train(run_id)


@shared_task(name="training.revive_runs")
def revive_runs() -> None:
    reviving.requeue_silent()
    reviving.resend_lost()
