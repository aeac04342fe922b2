"""The subject of a page of figures, as its address gives it."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from accounts.models import User
from metrics.pages.judge_name import judge_name
from metrics.reports.query import MetricsQuery
from traces.datasets.trace_filter import selected
from traces.models import Dataset, Judge, SavedFilter, Verdict


@dataclass(frozen=True, slots=True)
class ChoiceLink:
    label: str
    address: str
    is_chosen: bool


class DatasetChoice(forms.ModelChoiceField):
    """A choice of datasets by name; none chosen means all."""

    def __init__(self) -> None:
        super().__init__(
            Dataset.objects.none(),
            to_field_name="name",
            required=False,
            empty_label="all datasets",
            error_messages={"invalid_choice": "No dataset has this name."},
        )


class JudgeChoice(forms.ModelChoiceField):
    """A choice of judges with verdicts; none chosen means the dataset labels."""

    def __init__(self, *, empty_label: str = "dataset labels", **options: Any) -> None:
        super().__init__(
            Judge.objects.none(),
            required=False,
            empty_label=empty_label,
            error_messages={"invalid_choice": "No judge with verdicts has this number."},
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{judge_name(obj)} ({obj.get_kind_display()})"


class SelectionChoice(forms.ModelChoiceField):
    """A choice of a dataset's saved filters; none chosen means all its traces."""

    def __init__(self) -> None:
        super().__init__(
            SavedFilter.objects.none(),
            to_field_name="name",
            required=False,
            label="Traces",
            empty_label="all",
            error_messages={"invalid_choice": "This dataset has no saved filter with this name."},
        )


class FigureFilter(forms.Form):
    """The filter form; without a dataset the page is about the newest labelled one."""

    dataset = DatasetChoice()
    # Fields that a link sets itself, or that lead somewhere else.
    own = frozenset[str]()
    # Fields that only a link sets, and that stay when another dataset or judge is chosen.
    kept = frozenset[str]()

    def __init__(self, data: QueryDict, *, user: User) -> None:
        data = data.copy()
        self.user = user
        self.visible = Dataset.objects.visible_to(user).order_by("name")
        if "dataset" not in data:
            labelled = self.visible.filter(reference_judge__isnull=False)
            newest = labelled.order_by("-created_at").values_list("name", flat=True).first()
            data["dataset"] = newest or ""
        super().__init__(data, label_suffix="")
        for field in self.fields.values():
            if isinstance(field, DatasetChoice):
                field.queryset = self.visible
            elif isinstance(field, SelectionChoice):
                field.queryset = self._saved_filters()
            elif isinstance(field, JudgeChoice):
                field.queryset = _judges_with_verdicts(user)

    def _saved_filters(self) -> QuerySet[SavedFilter]:
        filters = SavedFilter.objects.filter(dataset__in=self.visible)
        return filters.filter(dataset__name=self.data["dataset"]).order_by("name")

    def clean(self) -> dict[str, Any]:
        choices = super().clean() or {}
        if choices.get("selection"):
            saved = choices["selection"]
            try:
                selected(saved.dataset, saved.choices)
            except ValueError as error:
                self.add_error("selection", str(error))
        return choices

    @property
    def chosen_dataset(self) -> Dataset | None:
        return self.cleaned_data["dataset"]

    @property
    def datasets(self) -> list[int]:
        """Return the chosen dataset's id, or those of all that the user may see."""
        if self.chosen_dataset:
            return [self.chosen_dataset.pk]
        return sorted(self.visible.values_list("pk", flat=True))

    def metrics_query(self, **more: Any) -> MetricsQuery:
        reference = self.cleaned_data.get("reference")
        saved = self.cleaned_data.get("selection")
        found = MetricsQuery(
            datasets=tuple(self.datasets),
            reference=reference.pk if reference else None,
            choices=tuple(sorted(saved.choices.items())) if saved else (),
        )
        return replace(found, **more)

    def trace_ids(self) -> list[int] | None:
        """Return the selection's traces, None for all."""
        return self.metrics_query().trace_ids()

    @property
    def query(self) -> str:
        """Return the address's query, for links that make the same choice elsewhere."""
        return self.query_with()

    def query_with(self, **changed: str) -> str:
        """Return the query with other values of some fields."""
        chosen = QueryDict(mutable=True)
        for name in [name for name in self.fields if name not in self.own]:
            value = changed.get(name) or self.data.get(name) or ""
            # An empty dataset says something: all of them.
            if value or name == "dataset":
                chosen[name] = value
        return chosen.urlencode()

    def kept_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in sorted(self.kept) if self.data.get(name)]

    def links(self, field: str) -> list[ChoiceLink]:
        """Return a link to the same page for each choice of the field; the first chooses none."""
        choices = self.fields[field].choices  # type: ignore[attr-defined]
        chosen = self.cleaned_data[field] or choices[0][0]
        return [
            ChoiceLink(label, f"?{self.query_with(**{field: name})}", name == chosen)
            for name, label in choices
        ]


def _judges_with_verdicts(user: User) -> QuerySet[Judge]:
    has_verdicts = Exists(Verdict.objects.current().filter(judge=OuterRef("pk")))
    judges = Judge.objects.visible_to(user).filter(has_verdicts)
    return judges.exclude(kind="reference").order_by("kind", "name")
