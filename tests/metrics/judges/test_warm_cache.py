from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from metrics.judges import interval_cache
from metrics.judges.leaderboard import build_leaderboard, leaderboard
from metrics.judges.warm_cache import KEPT, update_and_warm, warm
from metrics.models import PendingChange, StoredReport
from metrics.stats.bootstrap import Intervals
from metrics.summaries.queries import summary_counts
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from traces.models import Dataset

pytestmark = pytest.mark.django_db


def judged_dataset() -> Dataset:
    dataset, reference = make_dataset()
    judge_traces(make_model("prm"), label_traces(dataset, reference, "s", [-1, 1]), [-1, 0])
    return dataset


def refuse(subsets: object) -> Intervals:
    raise AssertionError("The intervals were not in the cache.")


def test_the_first_page_after_a_change_finds_the_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    dataset = judged_dataset()
    update_and_warm()
    assert PendingChange.objects.count() == 0
    monkeypatch.setattr(interval_cache, "f1_intervals", refuse)
    counts = summary_counts([dataset.pk], dataset, None)
    board = build_leaderboard(dataset, None, counts, intervals=interval_cache.cached_f1_intervals)
    assert board == leaderboard(dataset)


def test_a_dataset_that_is_gone_or_has_no_labels_warms_nothing() -> None:
    dataset, _ = make_dataset()
    warm([dataset.pk, 0])
    warm([])
    update_and_warm()
    assert StoredReport.objects.count() == 0


def test_reports_that_nobody_refreshed_for_a_month_are_deleted() -> None:
    ages = {"old": KEPT + timedelta(hours=1), "recent": KEPT - timedelta(hours=1)}
    for name, age in ages.items():
        StoredReport.objects.create(
            key=uuid4(),
            name=name,
            parameters={},
            version=1,
            value=[],
            computed_at=timezone.now() - age,
        )
    update_and_warm()
    assert [figure.name for figure in StoredReport.objects.all()] == ["recent"]
