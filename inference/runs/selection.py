"""The traces of a dataset that a run covers."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from inference.errors import ScoringRefused
from traces.datasets.trace_filter import selected
from traces.models import Dataset, SavedFilter, Trace, Verdict


@dataclass(frozen=True, slots=True)
class Selection:
    """A dataset's current traces, restricted by the other fields.

    `choices` are those of a `traces.datasets.trace_filter.TraceFilter`, saved under `filter_name`
    if at all; `only_missing` excludes traces that the scorer has judged, `after_trace` those up to
    that id.
    """

    dataset: Dataset
    choices: dict[str, Any] = field(default_factory=dict)
    filter_name: str = ""
    only_missing: bool = False
    after_trace: int | None = None

    def traces(self, judge_id: int) -> QuerySet[Trace]:
        """Return the selected traces. Raises ScoringRefused if the choices no longer fit."""
        found: QuerySet[Trace] = Trace.objects.current_segmentations().filter(dataset=self.dataset)
        if self.choices:
            try:
                found = selected(self.dataset, self.choices)
            except ValueError as error:
                raise ScoringRefused(str(error)) from error
        if self.after_trace is not None:
            found = found.filter(pk__gt=self.after_trace)
        if self.only_missing:
            own = Verdict.objects.current().filter(judge=judge_id, trace=OuterRef("pk"))
            found = found.exclude(Exists(own))
        return found


def select_traces(
    dataset: Dataset,
    *,
    filter_name: str = "",
    only_missing: bool = False,
    after_trace: int | None = None,
) -> Selection:
    """Return a selection with the saved filter of that name. Raises ScoringRefused without one."""
    choices: dict[str, Any] = {}
    if filter_name:
        saved = SavedFilter.objects.filter(dataset=dataset, name=filter_name).first()
        if saved is None:
            raise ScoringRefused(f"{dataset.name} has no saved filter {filter_name!r}.")
        choices = saved.choices
    return Selection(dataset, choices, filter_name, only_missing, after_trace)
