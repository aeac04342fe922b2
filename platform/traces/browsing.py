"""Finding traces: the filters of the list, and pages by the last id seen rather than by count."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, QuerySet

from traces.models import Dataset, Generator, Judge, Problem, Trace, Verdict

PAGE_SIZE = 50


FINDINGS = [
    ("", "anything"),
    ("error", "an error"),
    ("correct", "no error"),
    ("unparsable", "no usable answer"),
    ("wrong-process", "right answer, wrong process"),
    ("disagree", "another step than the other judge"),
]
ANSWERS = [("", "any"), ("correct", "correct"), ("wrong", "wrong"), ("unknown", "not known")]


class TraceFilter(forms.Form):
    """The filters of a dataset's traces, as they stand in the address."""

    subset = forms.ChoiceField(required=False)
    generator = forms.ModelChoiceField(Generator.objects.none(), required=False, empty_label="any")
    judge = forms.ModelChoiceField(Judge.objects.none(), required=False, empty_label="any judge")
    finding = forms.ChoiceField(required=False, choices=FINDINGS)
    other = forms.ModelChoiceField(
        Judge.objects.none(), required=False, empty_label="none", label="Other judge"
    )
    unjudged = forms.ModelChoiceField(
        Judge.objects.none(), required=False, empty_label="no matter", label="Not judged by"
    )
    answer = forms.ChoiceField(required=False, choices=ANSWERS, label="Final answer")
    fewest = forms.IntegerField(required=False, min_value=1, label="Steps from")
    most = forms.IntegerField(required=False, min_value=1, label="to")
    id = forms.CharField(required=False, max_length=200, label="Id begins with")
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
        judges = list(Judge.objects.filter(judged).select_related("user").order_by("kind", "name"))
        for name in ("judge", "other", "unjudged"):
            field = self.fields[name]
            field.queryset = Judge.objects.filter(pk__in=[j.pk for j in judges])  # type: ignore[attr-defined]
            # The three lists are one: they cost one query.
            field.choices = [("", field.empty_label), *((j.pk, str(j)) for j in judges)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        choices = super().clean() or {}
        if choices.get("finding") == "disagree" and not choices.get("other"):
            self.add_error("other", "Choose the other judge to disagree with.")
        fewest, most = choices.get("fewest"), choices.get("most")
        if fewest and most and fewest > most:
            self.add_error("most", f"No trace has at least {fewest} and at most {most} steps.")
        return choices

    @property
    def chosen(self) -> dict[str, str]:
        """What is set, as it stands in the address; the page it shows is not part of it."""
        return {
            name: str(self.data[name])
            for name in self.fields
            if name != "after" and self.data.get(name)
        }


@dataclass(frozen=True, slots=True)
class TracePage:
    traces: list[Trace]
    next_after: int | None


def filtered(dataset: Dataset, choices: dict[str, Any]) -> QuerySet[Trace]:
    """The traces of `dataset`, as they are cut today, that a valid `TraceFilter` chose."""
    traces = Trace.objects.current_cuts().filter(dataset=dataset)
    if choices.get("subset"):
        traces = traces.filter(problem__subset=choices["subset"])
    if choices.get("generator"):
        traces = traces.filter(generator=choices["generator"])
    if choices.get("answer"):
        answers = {"correct": True, "wrong": False, "unknown": None}
        traces = traces.filter(final_answer_correct=answers[choices["answer"]])
    if choices.get("fewest"):
        traces = traces.filter(step_count__gte=choices["fewest"])
    if choices.get("most"):
        traces = traces.filter(step_count__lte=choices["most"])
    if choices.get("id"):
        traces = traces.filter(external_id__startswith=choices["id"])
    return _judged_as(traces, choices)


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


def _judged_as(traces: QuerySet[Trace], choices: dict[str, Any]) -> QuerySet[Trace]:
    mine = Verdict.objects.current().filter(trace=OuterRef("pk"))
    if choices.get("unjudged"):
        traces = traces.filter(~Exists(mine.filter(judge=choices["unjudged"])))
    if choices.get("judge") or choices.get("finding") or choices.get("other"):
        traces = traces.filter(Exists(_matching_verdicts(choices)))
    if choices.get("finding") == "wrong-process":
        traces = traces.filter(final_answer_correct=True)
    return traces


def _matching_verdicts(choices: dict[str, Any]) -> QuerySet[Verdict]:
    verdicts = Verdict.objects.current().filter(trace=OuterRef("pk"))
    if choices.get("judge"):
        verdicts = verdicts.filter(judge=choices["judge"])
    if choices.get("other"):
        others = Verdict.objects.current().filter(trace=OuterRef("trace"), judge=choices["other"])
        if choices.get("finding") == "disagree":
            others = others.filter(earliest_error__isnull=False).exclude(
                earliest_error=OuterRef("earliest_error")
            )
            verdicts = verdicts.filter(earliest_error__isnull=False)
        verdicts = verdicts.filter(Exists(others))
    finding = choices.get("finding")
    if finding in {"error", "wrong-process"}:
        verdicts = verdicts.filter(earliest_error__gte=0)
    elif finding == "correct":
        verdicts = verdicts.filter(earliest_error=-1)
    elif finding == "unparsable":
        verdicts = verdicts.filter(earliest_error__isnull=True)
    return verdicts
