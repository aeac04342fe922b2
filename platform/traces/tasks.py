from celery import shared_task

from traces import importing


@shared_task(name="traces.run_import")
def run_import(import_id: int) -> None:
    importing.run_import(import_id)


@shared_task(name="traces.close_silent_imports")
def close_silent_imports() -> None:
    importing.close_silent_imports()
