from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from accounts.rules import UserRequest
from metrics.charts.chart import Chart
from metrics.models import Freshness, PendingChange
from metrics.pages.filters import FigureFilter
from metrics.pages.page import freshness, is_refreshing, place_charts, refusal
from metrics.reports.cache import ReportResult
from metrics.summaries import refresh
from tests.factories import make_trace, make_user

CHART = Chart("f1", "F1 by judge", "A summary.", [], [], {})


def test_a_chart_has_an_address_for_each_kind_of_file() -> None:
    placed = place_charts(CHART, "metrics:judge-figure", "dataset=a%26b", 7)
    assert [label for label, _ in placed.files] == ["SVG", "PNG", "CSV", "Vega-Lite"]
    assert placed.files[0][1] == "/judges/7/f1.svg?dataset=a%26b"
    assert placed.spec == placed.files[3][1] == "/judges/7/f1.json?dataset=a%26b"
    assert placed.chart is CHART


def test_a_page_refreshes_while_one_of_its_reports_is_stale() -> None:
    fresh, stale = ReportResult(1, None, False), ReportResult(None, None, True)
    assert is_refreshing(fresh, stale, None)
    assert not is_refreshing(fresh, None)
    assert not is_refreshing()


@pytest.mark.django_db
def test_a_refusal_is_the_page_with_its_form_alone() -> None:
    request: UserRequest = RequestFactory().get("/judges/")  # type: ignore[assignment]
    request.user = make_user()
    form = FigureFilter(QueryDict("dataset=<b>odd</b>"), user=request.user)
    assert not form.is_valid()
    response = refusal(request, "metrics/judges/list.html", form)
    assert response.status_code == 400
    assert "No dataset has this name." in response.content.decode()
    assert "<b>odd</b>" not in response.content.decode()


@pytest.mark.django_db
def test_freshness_applies_a_small_backlog_and_tells_the_last_change() -> None:
    first, second = make_trace(), make_trace()
    note = freshness([first.dataset_id, second.dataset_id])
    assert PendingChange.objects.count() == 0
    assert (note.waiting, note.is_more) == (0, False)
    last = timezone.now() + timedelta(hours=1)
    Freshness.objects.filter(dataset_id=second.dataset_id).update(changed_at=last)
    assert freshness([first.dataset_id, second.dataset_id]).changed_at == last
    assert freshness([first.dataset_id]).changed_at != last
    assert freshness([]).changed_at is None


@pytest.mark.django_db
def test_freshness_counts_what_waits_up_to_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "apply_small_backlog", lambda: refresh.BATCH)
    assert freshness([]).is_more
    monkeypatch.setattr(refresh, "apply_small_backlog", lambda: refresh.BATCH - 1)
    note = freshness([])
    assert (note.waiting, note.is_more) == (refresh.BATCH - 1, False)
