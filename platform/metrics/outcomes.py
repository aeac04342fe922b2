"""The traces behind a judge's counts: where it agrees with the reference, and where and how not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from traces.models import Judge, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    label: str
    meaning: str
    condition: Q


# Named as the fields of `confusion.Outcomes`; the misses first: they are what is looked for.
OUTCOMES = {
    "too_early": Outcome(
        "too early",
        "a step before the first error was called wrong",
        Q(label__gte=0, earliest_error__gte=0, earliest_error__lt=F("label")),
    ),
    "too_late": Outcome(
        "too late",
        "the first error was passed over and a later step named",
        Q(label__gte=0, earliest_error__gt=F("label")),
    ),
    "missed": Outcome(
        "missed",
        "a trace with an error was called right",
        Q(label__gte=0, earliest_error=-1),
    ),
    "false_alarm": Outcome(
        "false alarm",
        "a trace without an error was called wrong",
        Q(label=-1, earliest_error__gte=0),
    ),
    "unparsable": Outcome(
        "no usable answer", "counted as wrong", Q(label__gte=-1, earliest_error__isnull=True)
    ),
    "exact": Outcome(
        "found", "the very step was named", Q(label__gte=0, earliest_error=F("label"))
    ),
    "accepted": Outcome(
        "accepted", "a trace without an error was called right", Q(label=-1, earliest_error=-1)
    ),
}


def verdicts_with(
    outcome: str,
    judge: Judge,
    *,
    datasets: Sequence[int],
    reference: Judge | None,
    traces: list[int] | None = None,
) -> QuerySet[Verdict]:
    """The judge's current verdicts with this outcome, each with the reference's `label`."""
    references = Verdict.objects.current().filter(trace=OuterRef("trace"))
    if reference is None:
        references = references.filter(judge__dataset=OuterRef("trace__dataset"))
    else:
        references = references.filter(judge=reference)
    verdicts = Verdict.objects.current().filter(judge=judge, trace__is_current_cut=True)
    verdicts = verdicts.filter(trace__dataset__in=datasets)
    if traces is not None:
        verdicts = verdicts.filter(trace__in=traces)
    return (
        verdicts.annotate(label=Subquery(references.values("earliest_error")[:1]))
        .filter(OUTCOMES[outcome].condition)
        .select_related("trace__problem", "trace__generator")
        .order_by("trace_id")
    )
