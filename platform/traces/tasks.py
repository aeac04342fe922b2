from celery import shared_task

from traces.duplicates import match_problems as compare_new_problems
from traces.imports import run, uploads


@shared_task(name="traces.run_import")
def run_import(import_id: int) -> None:
    run.run_import(import_id)
    relate_problems.delay()


@shared_task(name="traces.close_silent_imports")
def close_silent_imports() -> None:
    run.close_silent_imports()


@shared_task(name="traces.remove_forgotten_uploads")
def remove_forgotten_uploads() -> None:
    uploads.remove_forgotten_uploads()


@shared_task(name="traces.relate_problems")
def relate_problems() -> None:
    """After every import: who copies whom."""
    compare_new_problems()
