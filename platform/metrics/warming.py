"""After the summaries moved: what the first page to be opened would otherwise wait for."""

from datetime import timedelta

from django.utils import timezone

from metrics import summarising
from metrics.leaderboards import board_of
from metrics.models import StoredFigure
from metrics.remembering import remembered_f1_intervals
from metrics.summary_counts import summed
from traces.models import Dataset

KEPT = timedelta(days=30)


def update_and_warm() -> None:
    """Take in what changed, and have the intervals of the judges' page ready."""
    touched = summarising.update(wait=False)
    for dataset in Dataset.objects.filter(pk__in=touched):
        found = summed([dataset.pk], dataset, None)
        board_of(dataset, None, found, intervals=remembered_f1_intervals)
    StoredFigure.objects.filter(computed_at__lt=timezone.now() - KEPT).delete()
