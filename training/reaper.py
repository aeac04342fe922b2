"""Runs that nobody works on though they are not over: their worker has gone, or their message."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from training.models import TrainingRun

SILENT_AFTER = timedelta(minutes=2)
# A queued run may wait behind another for hours; a second message does no harm.
LOST_AFTER = timedelta(minutes=30)
ERROR = "Its worker fell silent again and again: it was stopped, or ran out of memory."


def requeue_silent() -> int:
    """Silent runs wait again, to go on from their checkpoint; returns how many. One whose attempts
    are used up fails."""
    running = TrainingRun.objects.filter(status=TrainingRun.Status.RUNNING)
    silent = running.filter(heartbeat_at__lt=timezone.now() - SILENT_AFTER)
    silent.filter(attempts__gte=F("attempts_allowed")).update(
        status=TrainingRun.Status.FAILED, error=ERROR, ended_at=timezone.now()
    )
    # Long ago, so that `resend_lost` sends it at once.
    return silent.update(status=TrainingRun.Status.QUEUED, sent_at=timezone.now() - 2 * LOST_AFTER)


def resend_lost() -> int:
    """Send queued runs whose message is long overdue; returns how many."""
    from training.tasks import train  # the task imports this module

    overdue = TrainingRun.objects.filter(
        status=TrainingRun.Status.QUEUED, sent_at__lt=timezone.now() - LOST_AFTER
    )
    ids = list(overdue.values_list("pk", flat=True))
    for run_id in ids:
        TrainingRun.objects.filter(pk=run_id).update(sent_at=timezone.now())
        train.delay_on_commit(run_id)
    return len(ids)
