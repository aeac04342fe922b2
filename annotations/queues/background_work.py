"""What a worker does for each kind of queue job."""

from collections.abc import Callable
from typing import Any

from annotations.leases.lifecycle import release_queue
from annotations.models import QueueJob
from annotations.queues.overlap import widen
from annotations.queues.populate import fill
from annotations.queues.priority import reorder
from jobs.execution import run_job
from jobs.heartbeat import Heartbeat

WORK: dict[str, Callable[[QueueJob, Heartbeat], object]] = {
    QueueJob.Kind.FILL: lambda job, beat: fill(job.queue, by=job.created_by, check=beat.check),
    QueueJob.Kind.WIDEN: lambda job, beat: widen(job.queue, check=beat.check),
    QueueJob.Kind.RELEASE: lambda job, beat: release_queue(job.queue, check=beat.check),
    QueueJob.Kind.REORDER: lambda job, beat: reorder(job.queue, check=beat.check),
}


def run_queue_job(job_id: int) -> None:
    """Run the job if it is queued. A cancelled one keeps the batches that it has done."""
    run_job(QueueJob, job_id, _work, explain=_explain, expected=(ValueError,))


def _work(job: QueueJob, beat: Heartbeat) -> dict[str, Any]:
    WORK[job.kind](job, beat)
    return {}


def _explain(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else f"It failed unexpectedly: {error!r}"
