"""What a page counts over a selection of traces rather than over whole datasets."""

from metrics.reports.cache import Figure
from metrics.reports.query import Question
from metrics.summaries.live_queries import Counted, counted
from traces.models import Dataset, Judge


def selected_counts(question: Question) -> Counted:
    """As `verdict_counts.counted`, on the chosen traces of the one dataset."""
    dataset = Dataset.objects.get(pk=question.datasets[0])
    by = question.reference
    reference = None if by is None else Judge.objects.get(pk=by)
    judges = None if question.judge is None else [question.judge]
    return counted(dataset, reference, judges=judges, traces=question.trace_ids())


SELECTED = Figure("selected", 1, Counted, selected_counts)
