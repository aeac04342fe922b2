from celery import shared_task

from exports import exporting, hub


@shared_task(name="exports.write_export")
def write_export(export_id: int) -> None:
    exporting.run_export(export_id)


@shared_task(name="exports.push_export")
def push_export(push_id: int) -> None:
    hub.run_push(push_id)


@shared_task(name="exports.close_silent_exports")
def close_silent_exports() -> None:
    exporting.close_silent_exports()
    hub.close_silent_pushes()
