"""Counts over a saved filter's traces rather than over whole datasets."""

from metrics.reports.cache import CachedReport
from metrics.reports.query import MetricsQuery
from metrics.summaries.live_queries import LiveCounts, live_counts
from traces.models import Dataset, Judge


def selected_counts(query: MetricsQuery) -> LiveCounts:
    """Return `live_counts` of the selected traces of the query's one dataset."""
    dataset = Dataset.objects.get(pk=query.datasets[0])
    by = query.reference
    reference = None if by is None else Judge.objects.get(pk=by)
    judges = None if query.judge is None else [query.judge]
    return live_counts(dataset, reference, judges=judges, traces=query.trace_ids())


SELECTED = CachedReport("selected", 1, LiveCounts, selected_counts)
