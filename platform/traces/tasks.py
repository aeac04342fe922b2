from celery import shared_task

from jobs.queueing import enqueue
from traces.duplicates import match_problems as compare_new_problems
from traces.imports import import_job, uploads


@shared_task(name="traces.run_import")
def run_import(import_id: int) -> None:
    import_job.run_import(import_id)
    enqueue("traces.relate_problems")


@shared_task(name="traces.remove_forgotten_uploads")
def remove_forgotten_uploads() -> None:
    uploads.remove_forgotten_uploads()


@shared_task(name="traces.relate_problems")
def relate_problems() -> None:
    """Find near-duplicate problems. Runs after every import, and every ten minutes."""
    compare_new_problems()
