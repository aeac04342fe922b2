import pytest

from metrics import tasks
from metrics.models import ReportJob, StoredReport
from metrics.report_registry import REPORTS
from metrics.reports.query import MetricsQuery
from metrics.summaries import refresh
from tests.metrics.worlds import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(traces=12)


def job_of(name: str, query: MetricsQuery) -> ReportJob:
    key = query.key(REPORTS[name].full_name)
    return ReportJob.objects.create(key=key, name=name, parameters=query.stored())


def test_update_summaries_twice_leaves_the_same(world: World) -> None:
    world.prm.verdicts.update(earliest_error=0)
    assert refresh.pending(10) > 0
    tasks.update_summaries()
    tasks.update_summaries()
    assert refresh.pending(10) == 0


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_each_report_is_computed_once_however_often_the_message_comes(
    world: World, name: str
) -> None:
    query = MetricsQuery((world.dataset.pk,), judge=world.prm.pk)
    job = job_of(name, query)
    for _ in range(2):
        tasks.refresh_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("finished", 1)
    figure = StoredReport.objects.get()
    assert (figure.key, figure.name) == (job.key, REPORTS[name].full_name)


def test_a_report_that_fails_says_so(world: World) -> None:
    job = job_of("selected", MetricsQuery((0,)))
    tasks.refresh_report(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert job.error
    assert StoredReport.objects.count() == 0


def test_a_message_of_an_unknown_job_has_no_effect() -> None:
    tasks.refresh_report(0)
    assert StoredReport.objects.count() == 0
