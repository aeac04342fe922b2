"""Figures over many traces: made by a worker, kept, and said to be stale when they are."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from metrics import tasks
from metrics.judges.report import REPORT
from metrics.models import ReportJob, StoredReport
from metrics.reports import cache as reports_cache
from metrics.reports.cache import compute_report, get_report
from metrics.reports.query import MetricsQuery
from metrics.summaries import refresh
from tests.factories import make_user
from tests.metrics.page_reader import read
from tests.metrics.worlds import World, make_world
from traces.models import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(traces=12)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make twelve traces too many for a request."""
    monkeypatch.setattr(reports_cache, "FEW_TRACES", 5)


def query_of(world: World) -> MetricsQuery:
    return MetricsQuery((world.dataset.pk,), judge=world.prm.pk)


def computed_by_a_worker(world: World) -> None:
    """Request the report and run its job, twice."""
    get_report(REPORT, query_of(world))
    job = ReportJob.objects.get()
    for _ in range(2):
        tasks.refresh_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("finished", 1)


def change(world: World) -> None:
    Verdict.objects.filter(judge=world.prm, trace=world.traces[0]).update(earliest_error=0)
    refresh.update()


def test_over_few_traces_the_report_is_computed_in_the_request(
    world: World,
) -> None:
    first = get_report(REPORT, query_of(world))
    assert first.value is not None
    assert not first.is_stale
    change(world)
    again = get_report(REPORT, query_of(world))
    assert not again.is_stale
    assert StoredReport.objects.count() == 1
    assert again.value == REPORT.make(query_of(world))


def test_the_stored_report_equals_the_computed_one(world: World) -> None:
    made = compute_report(REPORT, query_of(world))
    kept = get_report(REPORT, query_of(world)).value
    assert kept == made


@pytest.mark.usefixtures("many")
def test_over_many_traces_a_worker_is_asked_once(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, sent: list
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert get_report(REPORT, query_of(world)).value is None
        assert get_report(REPORT, query_of(world)).is_stale
    job = ReportJob.objects.get()
    assert sent == [("metrics.refresh_report", [job.pk])]


@pytest.mark.usefixtures("many", "sent")
def test_a_report_that_failed_is_not_tried_again_at_once(world: World) -> None:
    get_report(REPORT, query_of(world))
    ReportJob.objects.update(status="failed", error="No memory.", ended_at=timezone.now())
    get_report(REPORT, query_of(world))
    assert ReportJob.objects.get().status == "failed"
    long_ago = timezone.now() - timedelta(minutes=3)
    ReportJob.objects.update(ended_at=long_ago)
    get_report(REPORT, query_of(world))
    assert ReportJob.objects.get().status == "queued"


@pytest.mark.usefixtures("many")
def test_a_stale_report_is_shown_and_refreshed(world: World) -> None:
    computed_by_a_worker(world)
    fresh = get_report(REPORT, query_of(world))
    assert not fresh.is_stale
    change(world)
    stale = get_report(REPORT, query_of(world))
    assert stale.is_stale
    assert stale.value == fresh.value
    computed_by_a_worker(world)
    again = get_report(REPORT, query_of(world))
    assert not again.is_stale
    assert again.value == REPORT.make(query_of(world))


@pytest.mark.usefixtures("many")
def test_an_older_report_never_replaces_a_newer_one(world: World) -> None:
    compute_report(REPORT, query_of(world))
    StoredReport.objects.update(version=1_000)
    newer = StoredReport.objects.get().computed_at
    compute_report(REPORT, query_of(world))
    assert StoredReport.objects.get().computed_at == newer


@pytest.mark.usefixtures("many")
def test_a_page_polls_while_its_report_is_computed(client: Client, world: World) -> None:
    client.force_login(make_user("reader"))
    path = reverse("metrics:judge-detail", args=[world.prm.pk])
    page = read(client, path)
    notice = page.select_one("[role=status]")
    assert notice is not None
    assert notice["hx-get"] == path
    assert page.select("table.outcomes tbody tr")
    assert not page.select("table.parts")
    compute_report(REPORT, query_of(world))
    done = read(client, path)
    assert done.select_one("[role=status]") is None
    assert done.select("table.parts")
