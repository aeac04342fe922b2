from celery import shared_task

from jobs import reaper


@shared_task(name="jobs.reap")
def reap() -> None:
    reaper.reap()
