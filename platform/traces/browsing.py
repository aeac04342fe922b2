"""Finding traces: the filters of the list, and pages by the last id seen rather than by count."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, QuerySet

from traces.models import Dataset, Generator, Judge, Problem, Trace, Verdict

PAGE_SIZE = 50


class TraceFilter(forms.Form):
    """The filters of a dataset's traces, as they stand in the address."""

    subset = forms.ChoiceField(required=False)
    generator = forms.ModelChoiceField(Generator.objects.none(), required=False, empty_label="any")
    judge = forms.ModelChoiceField(Judge.objects.none(), required=False, empty_label="any judge")
    finding = forms.ChoiceField(
        required=False,
        choices=[
            ("", "anything"),
            ("error", "an error"),
            ("correct", "no error"),
            ("unparsable", "no usable answer"),
            ("wrong-process", "right answer, wrong process"),
        ],
    )
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, dataset: Dataset) -> None:
        super().__init__(data)
        subsets = (
            Problem.objects.filter(dataset=dataset).values_list("subset", flat=True).distinct()
        )
        names = sorted(name for name in subsets if name)
        self.fields["subset"].choices = [("", "all"), *((name, name) for name in names)]  # type: ignore[attr-defined]
        present = Exists(Trace.objects.filter(dataset=dataset, generator=OuterRef("pk")))
        self.fields["generator"].queryset = (  # type: ignore[attr-defined]
            Generator.objects.filter(present).order_by("name", "revision")
        )
        judged = Exists(Verdict.objects.filter(judge=OuterRef("pk"), trace__dataset=dataset))
        self.fields["judge"].queryset = (  # type: ignore[attr-defined]
            Judge.objects.filter(judged).select_related("user").order_by("kind", "name")
        )


@dataclass(frozen=True, slots=True)
class TracePage:
    traces: list[Trace]
    next_after: int | None


def filtered(dataset: Dataset, choices: dict[str, Any]) -> QuerySet[Trace]:
    """The traces of `dataset` that a valid `TraceFilter` chose."""
    traces = Trace.objects.filter(dataset=dataset)
    if choices.get("subset"):
        traces = traces.filter(problem__subset=choices["subset"])
    if choices.get("generator"):
        traces = traces.filter(generator=choices["generator"])
    if choices.get("judge") or choices.get("finding"):
        traces = traces.filter(Exists(_matching_verdicts(choices)))
    if choices.get("finding") == "wrong-process":
        traces = traces.filter(final_answer_correct=True)
    return traces


def selected(dataset: Dataset, choices: dict[str, Any]) -> QuerySet[Trace]:
    """The traces that stored choices, such as a saved filter's, choose today.

    Raises ValueError with a sentence when they no longer fit the dataset: a subset that is gone,
    a judge that was removed.
    """
    form = TraceFilter(choices, dataset=dataset)
    if not form.is_valid():
        field, problems = next(iter(form.errors.items()))
        raise ValueError(f"The filter's {field} does not fit {dataset.name}: {problems[0]}")
    return filtered(dataset, form.cleaned_data)


def page_of(traces: QuerySet[Trace], *, after: int) -> TracePage:
    found = list(
        traces.filter(pk__gt=after)
        .select_related("problem", "generator")
        .order_by("pk")[: PAGE_SIZE + 1]
    )
    more = len(found) > PAGE_SIZE
    return TracePage(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if more else None)


@dataclass(frozen=True, slots=True)
class SubsetCount:
    subset: str
    problems: int
    traces: int


def subset_counts(dataset: Dataset) -> list[SubsetCount]:
    """Problems and traces of each subset, in one query."""
    rows = (
        Problem.objects.filter(dataset=dataset)
        .values("subset")
        .annotate(problem_count=Count("pk", distinct=True), trace_count=Count("traces"))
        .order_by("subset")
    )
    return [SubsetCount(r["subset"], r["problem_count"], r["trace_count"]) for r in rows]


def _matching_verdicts(choices: dict[str, Any]) -> QuerySet[Verdict]:
    verdicts = Verdict.objects.current().filter(trace=OuterRef("pk"))
    if choices.get("judge"):
        verdicts = verdicts.filter(judge=choices["judge"])
    finding = choices.get("finding")
    if finding in {"error", "wrong-process"}:
        verdicts = verdicts.filter(earliest_error__gte=0)
    elif finding == "correct":
        verdicts = verdicts.filter(earliest_error=-1)
    elif finding == "unparsable":
        verdicts = verdicts.filter(earliest_error__isnull=True)
    return verdicts
