"""The filters of a dataset's traces, and its pages, which continue after the last id."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from traces.models import Dataset, Generator, Judge, Problem, Trace, Verdict

PAGE_SIZE = 50
# The longest part of an error type's name that is compared, here and in the summaries.
TYPE_LENGTH = 200


FINDINGS = [
    ("", "any"),
    ("error", "an error"),
    ("correct", "no error"),
    ("unparsable", "no usable answer"),
    ("wrong-process", "correct answer, flawed reasoning"),
    ("disagree", "differs from the other judge"),
    ("early", "earlier than the other judge"),
    ("late", "later than the other judge"),
]
# Findings that compare two judges.
COMPARING = {"disagree", "early", "late"}
# Steps counted from 1: one, from one to another, or from one on.
position = RegexValidator(
    r"\A(none|error|usable|unusable|[1-9]\d{0,4}(-([1-9]\d{0,4})?)?)\Z",
    "Enter a step as 3, 5-6 or 15-, or one of none, error, usable and unusable.",
)
ANSWERS = [("", "any"), ("correct", "correct"), ("wrong", "wrong"), ("unknown", "unknown")]


class TraceFilter(forms.Form):
    """The filters of a dataset's traces, as the page's address has them."""

    subset = forms.ChoiceField(required=False)
    generator = forms.ModelChoiceField(Generator.objects.none(), required=False, empty_label="any")
    judge = forms.ModelChoiceField(Judge.objects.none(), required=False, empty_label="any")
    finding = forms.ChoiceField(required=False, choices=FINDINGS, label="Verdict")
    other = forms.ModelChoiceField(
        Judge.objects.none(), required=False, empty_label="none", label="Other judge"
    )
    unjudged = forms.ModelChoiceField(
        Judge.objects.none(), required=False, empty_label="any", label="Not judged by"
    )
    says = forms.CharField(required=False, label="Judge’s step", validators=[position])
    other_says = forms.CharField(required=False, label="Other judge’s step", validators=[position])
    error_type = forms.CharField(required=False, max_length=TYPE_LENGTH, label="Error type")
    other_error_type = forms.CharField(
        required=False, max_length=TYPE_LENGTH, label="Other judge’s error type"
    )
    answer = forms.ChoiceField(required=False, choices=ANSWERS, label="Final answer")
    fewest = forms.IntegerField(required=False, min_value=1, label="Steps: min")
    most = forms.IntegerField(required=False, min_value=1, label="Steps: max")
    id = forms.CharField(required=False, max_length=200, label="ID starts with")
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
        judges = Judge.objects.who_judged(dataset).select_related("user").order_by("kind", "name")
        for name in ("judge", "other", "unjudged"):
            field = self.fields[name]
            field.queryset = Judge.objects.filter(pk__in=[j.pk for j in judges])  # type: ignore[attr-defined]
            # The three fields share one list, which is read once.
            field.choices = [("", field.empty_label), *((j.pk, str(j)) for j in judges)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        choices = super().clean() or {}
        if choices.get("finding") in COMPARING and not choices.get("other"):
            self.add_error("other", "Choose the other judge to compare with.")
        other_condition = choices.get("other_says") or choices.get("other_error_type")
        if other_condition and not choices.get("other"):
            self.add_error("other", "Choose the other judge whose verdict that is.")
        fewest, most = choices.get("fewest"), choices.get("most")
        if fewest and most and fewest > most:
            self.add_error(
                "most", f"The minimum number of steps ({fewest}) is above the maximum ({most})."
            )
        return choices

    @property
    def active_filters(self) -> dict[str, str]:
        """Return the filters that are set, as an address has them, without the page's place."""
        return {
            name: str(self.data[name])
            for name in self.fields
            if name != "after" and self.data.get(name)
        }


@dataclass(frozen=True, slots=True)
class TracePage:
    traces: list[Trace]
    next_after: int | None


def filtered(
    dataset: Dataset, choices: dict[str, Any], *, reader: User | None = None
) -> QuerySet[Trace]:
    """Return the traces of `dataset` that match the cleaned data of a `TraceFilter`.

    Only current segmentations. With a `reader`, only verdicts that this person may read count.
    """
    traces = Trace.objects.current_segmentations().filter(dataset=dataset)
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
    return _judged_as(traces, choices, reader)


def selected(dataset: Dataset, choices: dict[str, Any]) -> QuerySet[Trace]:
    """Return the traces that match stored choices, such as a saved filter's, now.

    Raises ValueError with a message if the choices do not fit the dataset any more, for example
    because a subset or a judge was removed.
    """
    form = TraceFilter(choices, dataset=dataset)
    if not form.is_valid():
        field, problems = next(iter(form.errors.items()))
        raise ValueError(f"The filter's {field} doesn't apply to {dataset.name}: {problems[0]}")
    return filtered(dataset, form.cleaned_data)


def page_of(traces: QuerySet[Trace], *, after: int) -> TracePage:
    """Return the page of traces after that id."""
    rows = list(
        traces.filter(pk__gt=after)
        .select_related("problem", "generator")
        .order_by("pk")[: PAGE_SIZE + 1]
    )
    has_next = len(rows) > PAGE_SIZE
    return TracePage(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].pk if has_next else None)


@dataclass(frozen=True, slots=True)
class SubsetCount:
    subset: str
    problems: int
    traces: int


def subset_counts(dataset: Dataset) -> list[SubsetCount]:
    """Return the numbers of problems and traces of each subset.

    Two queries: a single one would have to count distinct problems, which costs more.
    """
    problems = Problem.objects.filter(dataset=dataset).values_list("subset")
    traces = (
        Trace.objects.current_segmentations().filter(dataset=dataset).values_list("problem__subset")
    )
    counts = dict(traces.annotate(Count("pk")))
    return [
        SubsetCount(subset, number, counts.get(subset, 0))
        for subset, number in problems.annotate(Count("pk")).order_by("subset")
    ]


def _judged_as(
    traces: QuerySet[Trace], choices: dict[str, Any], reader: User | None
) -> QuerySet[Trace]:
    mine = Verdict.objects.current().filter(trace=OuterRef("pk"))
    if choices.get("unjudged"):
        traces = traces.filter(~Exists(mine.filter(judge=choices["unjudged"])))
    if any(choices.get(name) for name in ("judge", "finding", "other", "says", "error_type")):
        traces = traces.filter(Exists(_matching_verdicts(choices, reader)))
    if choices.get("finding") == "wrong-process":
        traces = traces.filter(final_answer_correct=True)
    return traces


def _matching_verdicts(choices: dict[str, Any], reader: User | None) -> QuerySet[Verdict]:
    verdicts = _read_by(reader).filter(trace=OuterRef("pk"))
    if choices.get("judge"):
        verdicts = verdicts.filter(judge=choices["judge"])
    if choices.get("other"):
        verdicts = verdicts.filter(Exists(_other_verdicts(choices, reader)))
    if choices.get("says"):
        verdicts = verdicts.filter(_at(choices["says"]))
    if choices.get("error_type"):
        verdicts = verdicts.filter(earliest_error__gte=0).filter(_named(choices["error_type"]))
    finding = choices.get("finding")
    if finding in {"error", "wrong-process"}:
        verdicts = verdicts.filter(earliest_error__gte=0)
    elif finding == "correct":
        verdicts = verdicts.filter(earliest_error=-1)
    elif finding == "unparsable":
        verdicts = verdicts.filter(earliest_error__isnull=True)
    elif finding == "early":
        verdicts = verdicts.filter(earliest_error__gte=0)
    elif finding in COMPARING:
        verdicts = verdicts.filter(earliest_error__isnull=False)
    return verdicts


def _read_by(reader: User | None) -> QuerySet[Verdict]:
    verdicts = Verdict.objects.current()
    return verdicts.readable_by(reader) if reader else verdicts


def _other_verdicts(choices: dict[str, Any], reader: User | None) -> QuerySet[Verdict]:
    """Return the other judge's verdicts on the same trace that compare as the finding asks."""
    others = _read_by(reader).filter(trace=OuterRef("trace"), judge=choices["other"])
    if choices.get("other_says"):
        others = others.filter(_at(choices["other_says"]))
    if choices.get("other_error_type"):
        named = _named(choices["other_error_type"])
        others = others.filter(earliest_error__gte=0).filter(named)
    finding = choices.get("finding")
    if finding == "disagree":
        return others.filter(earliest_error__isnull=False).exclude(
            earliest_error=OuterRef("earliest_error")
        )
    own = OuterRef("earliest_error")
    if finding == "early":
        return others.filter(earliest_error__gt=own)
    if finding == "late":
        return others.filter(earliest_error__gte=0, earliest_error__lt=own)
    return others


def _named(error_type: str) -> Q:
    """Return the condition on verdicts of that type. A long type is compared by its start."""
    if len(error_type) < TYPE_LENGTH:
        return Q(error_type=error_type)
    return Q(error_type__startswith=error_type)


def _at(position: str) -> Q:
    """Return the condition on verdicts with their first error at `position`."""
    if position == "none":
        return Q(earliest_error=-1)
    if position in {"usable", "unusable"}:
        return Q(earliest_error__isnull=position == "unusable")
    if position == "error":
        return Q(earliest_error__gte=0)
    first, dash, last = position.partition("-")
    if not dash:
        return Q(earliest_error=int(first) - 1)
    condition = Q(earliest_error__gte=int(first) - 1)
    return condition & Q(earliest_error__lte=int(last) - 1) if last else condition
