"""What the tests' jobs do, and what is left of them."""

from jobs.models import Job

cleaned: list[tuple[int, int]] = []


def clean_up(job: Job) -> None:
    """Note the id and the attempt of a job whose remains are removed."""
    cleaned.append((job.pk, job.attempts))
