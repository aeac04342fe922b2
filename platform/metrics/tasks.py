from typing import Any

from celery import shared_task

from jobs.execution import run_job
from jobs.heartbeat import Heartbeat
from metrics.judges.warm_cache import update_and_warm
from metrics.models import ReportJob
from metrics.report_registry import REPORTS
from metrics.reports.cache import refresh_if_stale
from metrics.reports.query import MetricsQuery


@shared_task(name="metrics.update_summaries")
def update_summaries() -> None:
    """Apply waiting changes; runs every minute, and after many verdicts were written."""
    update_and_warm()


@shared_task(name="metrics.refresh_report")
def refresh_report(job_id: int) -> None:
    run_job(ReportJob, job_id, _refresh)


def _refresh(job: ReportJob, beat: Heartbeat) -> dict[str, Any]:
    refresh_if_stale(REPORTS[job.name], MetricsQuery.of(job.parameters))
    return {}
