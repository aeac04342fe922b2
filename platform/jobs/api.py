"""The part of the API that every kind of job shares."""

from datetime import datetime

from ninja import Schema

from jobs.models import Job, Status


class ProgressOut(Schema):
    """How far a job is. `total` is null while it is not known."""

    done: int
    total: int | None
    unit: str


class JobOut(Schema):
    """The state of a background job: queued, running, finished, failed or cancelled."""

    id: int
    status: Status
    error: str
    attempts: int
    progress: ProgressOut | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_progress(job: Job) -> ProgressOut | None:
        progress = job.progress
        if progress is None:
            return None
        return ProgressOut(done=progress.done, total=progress.total, unit=progress.unit)
