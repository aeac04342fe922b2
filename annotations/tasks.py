"""The Celery tasks of annotations, sent by their names."""

from celery import shared_task

from accounts.models import User
from annotations.leases import lifecycle
from annotations.models import Queue
from annotations.queues import overlap, populate, priority, sync_recuts, sync_withdrawals


@shared_task(name="annotations.expire_leases")
def expire_leases() -> None:
    lifecycle.expire()
    sync_withdrawals.sync_withdrawals()
    sync_recuts.sync_recuts()


@shared_task(name="annotations.reorder_open_queues")
def reorder_open_queues() -> None:
    priority.reorder_open()


@shared_task(name="annotations.reorder_queue")
def reorder_queue(queue_id: int) -> None:
    priority.reorder(Queue.objects.get(pk=queue_id))


@shared_task(name="annotations.widen_queue")
def widen_queue(queue_id: int) -> None:
    overlap.widen(Queue.objects.get(pk=queue_id))


@shared_task(name="annotations.release_queue")
def release_queue(queue_id: int) -> None:
    lifecycle.release_queue(Queue.objects.get(pk=queue_id))


@shared_task(name="annotations.fill_queue")
def fill_queue(queue_id: int, user_id: int) -> None:
    queue = Queue.objects.select_related("dataset").get(pk=queue_id)
    populate.fill(queue, by=User.objects.get(pk=user_id))
