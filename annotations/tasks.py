from celery import shared_task

from accounts.models import User
from annotations import (
    filling,
    following_recuts,
    following_withdrawals,
    leasing,
    ordering,
    overlapping,
)
from annotations.models import Queue


@shared_task(name="annotations.expire_leases")
def expire_leases() -> None:
    leasing.expire()
    following_withdrawals.follow_withdrawals()
    following_recuts.follow_recuts()


@shared_task(name="annotations.reorder_open_queues")
def reorder_open_queues() -> None:
    ordering.reorder_open()


@shared_task(name="annotations.reorder_queue")
def reorder_queue(queue_id: int) -> None:
    ordering.reorder(Queue.objects.get(pk=queue_id))


@shared_task(name="annotations.widen_queue")
def widen_queue(queue_id: int) -> None:
    overlapping.widen(Queue.objects.get(pk=queue_id))


@shared_task(name="annotations.release_queue")
def release_queue(queue_id: int) -> None:
    leasing.release_queue(Queue.objects.get(pk=queue_id))


@shared_task(name="annotations.fill_queue")
def fill_queue(queue_id: int, user_id: int) -> None:
    queue = Queue.objects.select_related("dataset").get(pk=queue_id)
    filling.fill(queue, by=User.objects.get(pk=user_id))
