"""Figures over many traces: made by a worker, kept, and said to be behind when they are."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from metrics import tasks
from metrics.judges.report import REPORT
from metrics.models import StoredFigure
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
    """Twelve traces are too many for a page, and nothing was told yet."""
    monkeypatch.setattr(reports_cache, "FEW", 5)
    cache.clear()


def question_of(world: World) -> MetricsQuery:
    return MetricsQuery((world.dataset.pk,), judge=world.prm.pk)


def change(world: World) -> None:
    Verdict.objects.filter(judge=world.prm, trace=world.traces[0]).update(earliest_error=0)
    refresh.update()


def test_over_few_traces_the_figure_is_made_at_once_and_anew_after_a_change(world: World) -> None:
    first = get_report(REPORT, question_of(world))
    assert first.value is not None
    assert not first.is_stale
    change(world)
    again = get_report(REPORT, question_of(world))
    assert not again.is_stale
    assert StoredFigure.objects.count() == 1
    assert again.value == REPORT.make(question_of(world))


def test_what_is_kept_is_what_was_made(world: World) -> None:
    made = compute_report(REPORT, question_of(world))
    kept = get_report(REPORT, question_of(world)).value
    assert kept == made


@pytest.mark.usefixtures("many")
def test_over_many_traces_a_worker_is_told_once(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as told:
        assert get_report(REPORT, question_of(world)).value is None
        assert get_report(REPORT, question_of(world)).is_stale
    assert len(told) == 1


@pytest.mark.usefixtures("many")
def test_a_figure_that_is_behind_is_shown_and_made_anew(world: World) -> None:
    tasks.make_figure("judge", question_of(world).stored())
    fresh = get_report(REPORT, question_of(world))
    assert not fresh.is_stale
    change(world)
    behind = get_report(REPORT, question_of(world))
    assert behind.is_stale
    assert behind.value == fresh.value
    tasks.make_figure("judge", question_of(world).stored())
    tasks.make_figure("judge", question_of(world).stored())
    again = get_report(REPORT, question_of(world))
    assert not again.is_stale
    assert again.value == REPORT.make(question_of(world))


@pytest.mark.usefixtures("many")
def test_an_older_figure_never_replaces_a_newer_one(world: World) -> None:
    compute_report(REPORT, question_of(world))
    StoredFigure.objects.update(version=1_000)
    newer = StoredFigure.objects.get().computed_at
    compute_report(REPORT, question_of(world))
    assert StoredFigure.objects.get().computed_at == newer


@pytest.mark.usefixtures("many")
def test_a_page_says_what_is_being_made_and_looks_again(client: Client, world: World) -> None:
    client.force_login(make_user("reader"))
    path = reverse("metrics:judge-detail", args=[world.prm.pk])
    page = read(client, path)
    notice = page.select_one("[role=status]")
    assert notice is not None
    assert notice["hx-get"] == path
    assert page.select("table.outcomes tbody tr")
    assert not page.select("table.parts")
    compute_report(REPORT, question_of(world))
    done = read(client, path)
    assert done.select_one("[role=status]") is None
    assert done.select("table.parts")


def test_update_summaries_twice_leaves_the_same(world: World) -> None:
    tasks.update_summaries()
    tasks.update_summaries()
    assert refresh.pending(10) == 0


def test_a_question_comes_back_from_what_is_stored(world: World) -> None:
    question = MetricsQuery((3, 5), reference=1, judge=2, queue=4, choices=(("subset", "math"),))
    assert MetricsQuery.of(question.stored()) == question
    assert question.key("a") != question.key("b")
