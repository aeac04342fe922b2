"""What a lead may ask of a run: pause, go on, cancel, try the failed shards again.

Each says in a sentence what it did, and the run's log keeps it. All raise ScoringRefused where the
run is in no state for it. Shards are locked before their run, as everywhere, so that no two of us
wait for each other.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from inference.errors import ScoringRefused
from inference.models import ScoringRun, Shard
from inference.run_log import log_run_event
from inference.runs.start import ATTEMPTS
from inference.shards.dispatch import notify_workers_on_commit

Status = ScoringRun.Status


def pause_run(run: ScoringRun, *, by: User | None = None) -> str:
    """Hand out no shard any more; those at work are finished."""
    with transaction.atomic():
        if not ScoringRun.objects.handing_out().filter(pk=run.pk).update(status=Status.PAUSED):
            raise ScoringRefused(f"Run {run.pk} is {_state(run)}. There is nothing to pause.")
        return _log_and_refresh(
            run,
            f"Run {run.pk} paused: {_count(run, Shard.Status.RUNNING)} running will finish, "
            f"{_count(run, Shard.Status.QUEUED)} queued until it resumes.",
            by,
        )


def resume_run(run: ScoringRun, *, by: User | None = None) -> str:
    """Hand the waiting shards out again."""
    with transaction.atomic():
        paused = ScoringRun.objects.filter(pk=run.pk, status=Status.PAUSED)
        begun = run.shards.exclude(attempts=0).exists()
        if not paused.update(status=Status.RUNNING if begun else Status.QUEUED):
            raise ScoringRefused(f"Run {run.pk} is {_state(run)}, not paused.")
        notify_workers_on_commit(run.scorer.queue)
        waiting = _count(run, Shard.Status.QUEUED)
        return _log_and_refresh(run, f"Run {run.pk} resumed: {waiting} queued.", by)


def cancel_run(run: ScoringRun, *, by: User | None = None) -> str:
    """Verdicts already written stay; shards at work find out at their next heartbeat."""
    with transaction.atomic():
        stopped = run.shards.filter(status__in=Shard.OPEN).update(status=Shard.Status.CANCELLED)
        closed = ScoringRun.objects.going().filter(pk=run.pk)
        if not closed.update(status=Status.CANCELLED, ended_at=timezone.now()):
            raise ScoringRefused(f"Run {run.pk} is already {_state(run)}.")
        return _log_and_refresh(
            run,
            f"Run {run.pk} cancelled: {_shards(stopped)} will not be scored. The verdicts of "
            f"{_count(run, Shard.Status.FINISHED)} stay.",
            by,
        )


def retry_failed(run: ScoringRun, *, by: User | None = None) -> str:
    """Give the failed shards of a run, over or not, another three attempts."""
    with transaction.atomic():
        again = _requeue_failed(run)
        if not again:
            raise ScoringRefused(f"Run {run.pk} has no failed shards to retry.")
        over = ScoringRun.objects.filter(pk=run.pk, status=Status.FAILED)
        over.update(status=Status.RUNNING, ended_at=None)
        notify_workers_on_commit(run.scorer.queue)
        return _log_and_refresh(run, f"Run {run.pk} retried: {_shards(again)} queued again.", by)


CONTROLS = {
    "pause": pause_run,
    "resume": resume_run,
    "cancel": cancel_run,
    "retry": retry_failed,
}


def available_controls(run: ScoringRun, *, failed: int) -> dict[str, str]:
    """Return the actions that the run's state allows, with the labels of their buttons."""
    going = run.status in {Status.QUEUED, Status.RUNNING}
    asked = {
        "pause": "Pause" if going else "",
        "resume": "Resume run" if run.status == Status.PAUSED else "",
        "retry": "Retry failed shards" if failed and run.status != Status.CANCELLED else "",
        "cancel": "" if run.is_over else "Cancel",
    }
    return {verb: words for verb, words in asked.items() if words}


def _requeue_failed(run: ScoringRun) -> int:
    """Queue the failed shards again. Return how many; none of a cancelled run."""
    failed = run.shards.filter(status=Shard.Status.FAILED).exclude(run__status=Status.CANCELLED)
    return failed.update(
        status=Shard.Status.QUEUED,
        error="",
        heartbeat_at=None,
        attempts_allowed=F("attempts") + ATTEMPTS,
    )


def _log_and_refresh(run: ScoringRun, sentence: str, by: User | None) -> str:
    log_run_event(run.pk, sentence, user=by)
    run.refresh_from_db()
    return sentence


def _state(run: ScoringRun) -> str:
    run.refresh_from_db(fields=["status"])
    return run.get_status_display()


def _count(run: ScoringRun, status: str) -> str:
    return _shards(run.shards.filter(status=status).count())


def _shards(count: int) -> str:
    return "1 shard" if count == 1 else f"{count:,} shards"
