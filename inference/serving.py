"""Whether any worker takes a run's shards, and the sentence for when none does."""

from datetime import timedelta

from celery import current_app
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from inference.models import ScoringRun, Shard

# How long workers may take to answer, and for how long their answer is believed.
PATIENCE_SECONDS = 0.5
BELIEVED_SECONDS = 10
CACHE_KEY = "inference.served_queues"


def why_unserved(run: ScoringRun) -> str:
    """A sentence if nobody will take the run's shards as things are, else an empty string.

    Asks the database first; workers are asked only while none of them works on this kind of scorer.
    """
    if run.is_over or _somebody_works(run.scorer.kind):
        return ""
    queues = _served_queues()
    if queues is None:
        return "The message broker can't be reached, so no worker hears of this run."
    queue = run.scorer.queue
    if queue in queues:
        return ""
    return (
        f"No worker serves the queue {queue}. The run waits until one is started: "
        f"celery -A misstep worker -Q {queue}"
    )


def _somebody_works(kind: str) -> bool:
    """A shard of such a scorer has a fresh heartbeat."""
    fresh = timezone.now() - timedelta(minutes=1)
    return Shard.objects.filter(
        status=Shard.Status.RUNNING, heartbeat_at__gt=fresh, run__scorer__kind=kind
    ).exists()


def _served_queues() -> list[str] | None:
    """None without a broker. Takes up to `PATIENCE_SECONDS`, and then nothing for a while."""
    known: list[str] | None = cache.get(CACHE_KEY)
    if known is not None:
        return known
    try:
        inspect = current_app.control.inspect(timeout=PATIENCE_SECONDS)
        answers = inspect.active_queues() or {}
    except (OperationalError, OSError):
        return None
    queues = sorted({queue["name"] for served in answers.values() for queue in served})
    cache.set(CACHE_KEY, queues, BELIEVED_SECONDS)
    return queues
