"""The Celery tasks of annotations, sent by their names."""

from celery import shared_task

from annotations.leases import lifecycle
from annotations.queues import background_work, priority, sync_recuts, sync_withdrawals


@shared_task(name="annotations.expire_leases")
def expire_leases() -> None:
    lifecycle.expire()
    sync_withdrawals.sync_withdrawals()
    sync_recuts.sync_recuts()


@shared_task(name="annotations.reorder_open_queues")
def reorder_open_queues() -> None:
    priority.reorder_open()


@shared_task(name="annotations.run_queue_job")
def run_queue_job(job_id: int) -> None:
    background_work.run_queue_job(job_id)
