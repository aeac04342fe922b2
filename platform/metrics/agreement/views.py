from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from metrics.agreement.filters import AGREEMENT_FIGURES, AgreementFilter, RaterFilter
from metrics.agreement.report import RATERS, judges_with_verdicts, pairwise_agreement
from metrics.agreement.tables import agreement_rows, group_rows, pair_rows, together_rows
from metrics.judges.leaderboard import kind_of
from metrics.pages.judge_name import judge_name
from metrics.pages.page import freshness, refusal
from metrics.pages.trace_links import TraceLinks
from metrics.reports.cache import get_report
from traces.models import Generator, Judge


@require_safe
@users_only
def agreement_matrix(request: UserRequest) -> HttpResponse:
    form = AgreementFilter(request.GET, user=request.user)
    if not form.is_valid():
        return refusal(request, "metrics/agreement/matrix.html", form)
    fresh = freshness(form.datasets)
    judges = judges_with_verdicts(form.datasets)
    figure = form.cleaned_data["figure"] or next(iter(AGREEMENT_FIGURES))
    found = pairwise_agreement(form.datasets, [judge.pk for judge in judges])
    values = {pair: (getattr(one, figure), one.traces) for pair, one in found.items()}
    names = [(judge.pk, _name(judge)) for judge in judges]
    context = {
        "form": form,
        "fresh": fresh,
        "figure": AGREEMENT_FIGURES[figure],
        "judges": [(name, kind_of(judge)) for (_, name), judge in zip(names, judges, strict=True)],
        "rows": agreement_rows(names, values, TraceLinks(form)) if len(judges) > 1 else [],
    }
    return render(request, "metrics/agreement/matrix.html", context)


@require_safe
@users_only
def agreement_people(request: UserRequest) -> HttpResponse:
    form = RaterFilter(request.GET, user=request.user)
    if not form.is_valid():
        return refusal(request, "metrics/agreement/people.html", form)
    fresh = freshness(form.datasets)
    shown = get_report(RATERS, form.metrics_query(queue=form.cleaned_data["queue"]))
    context: dict[str, Any] = {"form": form, "fresh": fresh, "coming": shown.is_stale}
    found = shown.value
    if found and found.together.traces:
        links = TraceLinks(form)
        context |= {
            "together": together_rows(found.together),
            "traces": found.together.traces,
            "raters": len(found.raters),
            "pairs": pair_rows(found.pairs, _judges(found.raters), links),
            "tables": [
                ("Generator", group_rows(found.by_generator, _generators(found.by_generator))),
                ("Subset", group_rows(found.by_subset, {})),
            ],
        }
    return render(request, "metrics/agreement/people.html", context)


def _name(judge: Judge) -> str:
    """Return the judge's name; for dataset labels, the dataset's name tells them apart."""
    return f"dataset labels of {judge.dataset}" if judge.dataset_id else judge_name(judge)


def _judges(numbers: Iterable[int]) -> dict[int, str]:
    judges = Judge.objects.filter(pk__in=list(numbers))
    return {judge.pk: judge_name(judge) for judge in judges}


def _generators(groups: Iterable[Any]) -> dict[str, str]:
    numbers = [int(group.name) for group in groups]
    return {str(one.pk): str(one) for one in Generator.objects.filter(pk__in=numbers)}
