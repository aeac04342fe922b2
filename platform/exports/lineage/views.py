"""Pages of lineage and withdrawal: a row's verdicts, a verdict's exports."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import show_refusals
from accounts.rules import UserRequest, leads_only
from exports.lineage.forms import RowForm
from exports.lineage.index import row_lineage
from exports.lineage.withdrawal import (
    exports_holding,
    exports_holding_consensus,
    find_impact,
    refusal_reason,
    withdraw,
)
from exports.models import Export
from traces.models import Judge, Problem, Trace, Verdict


@require_safe
@leads_only
def export_row(request: UserRequest, pk: int) -> HttpResponse:
    """Show the verdicts behind one row of an export."""
    export = get_object_or_404(Export, pk=pk, status=Export.Status.FINISHED)
    form = RowForm(request.GET, export=export)
    lineage = row_lineage(export, **form.cleaned_data) if form.is_valid() else None
    if lineage is None:
        raise Http404("This export has no such row.")
    verdicts = Verdict.objects.filter(pk__in=lineage.verdict_ids)
    context = {
        "export": export,
        "lineage": lineage,
        "problem": Problem.objects.filter(pk=lineage.problem_id).first(),
        "traces": Trace.objects.filter(pk__in=lineage.trace_ids).select_related("generator"),
        "verdicts": verdicts.select_related("judge", "trace").order_by("pk"),
        "form": form,
    }
    return render(request, "exports/lineage/row.html", context)


@require_safe
@leads_only
def verdict_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show a verdict, its source, and the exports and training runs that hold it."""
    verdict = get_object_or_404(Verdict.objects.select_related("judge", "trace__dataset"), pk=pk)
    context = {
        "verdict": verdict,
        "holders": exports_holding([verdict.pk]),
        "by_consensus": exports_holding_consensus(Verdict.objects.filter(pk=verdict.pk)),
    }
    return render(request, "exports/lineage/verdict.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
@show_refusals("exports:verdict-withdraw", "pk")
def verdict_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    verdict = get_object_or_404(Verdict.objects.select_related("judge", "trace"), pk=pk)
    subject = f"Verdict of {verdict.judge} on {verdict.trace}"
    back = reverse("exports:verdict-detail", args=[pk])
    return _withdraw(request, Verdict.objects.filter(pk=pk), subject, back)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
@show_refusals("exports:judge-withdraw", "pk")
def judge_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    judge = get_object_or_404(Judge, pk=pk)
    back = reverse("accounts:person-detail", args=[judge.user_id]) if judge.user_id else ""
    return _withdraw(request, Verdict.objects.filter(judge=judge), f"All verdicts of {judge}", back)


def _withdraw(
    request: UserRequest, verdicts: QuerySet[Verdict], subject: str, back: str
) -> HttpResponse:
    """Show the impact of a withdrawal; once confirmed, withdraw and show the result."""
    if request.method == "POST":
        touched = withdraw(verdicts, withdrawn_by=request.user)
        messages.success(request, f"{touched.verdicts} withdrawn. They no longer count.")
        return redirect(request.path)
    context = {
        "subject": subject,
        "touched": find_impact(verdicts),
        "refusal": refusal_reason(verdicts),
        "back": back,
    }
    return render(request, "exports/lineage/withdraw.html", context)
