from celery import shared_task

from exports import export_job
from exports.hub import push


@shared_task(name="exports.write_export")
def write_export(export_id: int) -> None:
    export_job.run_export(export_id)


@shared_task(name="exports.push_export")
def push_export(push_id: int) -> None:
    push.run_push(push_id)
