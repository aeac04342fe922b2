"""Cache warming after the summaries changed, so the first page need not wait."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from metrics.judges.interval_cache import cached_f1_intervals
from metrics.judges.leaderboard import build_leaderboard
from metrics.models import StoredReport
from metrics.summaries import refresh
from metrics.summaries.queries import summary_counts
from traces.models import Dataset

KEPT = timedelta(days=30)


def update_and_warm() -> None:
    """Apply changes unless another process does, and delete reports nobody reads."""
    warm(refresh.update(wait=False))
    StoredReport.objects.filter(computed_at__lt=timezone.now() - KEPT).delete()


def warm(datasets: Iterable[int]) -> None:
    """Compute the intervals of the judges' page against the dataset labels."""
    for dataset in Dataset.objects.filter(pk__in=list(datasets)):
        found = summary_counts([dataset.pk], dataset, None)
        build_leaderboard(dataset, None, found, intervals=cached_f1_intervals)
