"""Disputes and known answers: settling what people disagree on, and making gold of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import show_refusals, show_refusals_on
from accounts.rules import UserRequest, users_only
from annotations.adjudication import decisions
from annotations.adjudication.decisions import Ruling
from annotations.adjudication.forms import RulingForm
from annotations.adjudication.page import dispute_context
from annotations.models import Item, Queue
from annotations.permissions import Role, may, queue_for, role_in
from traces.datasets.trace_page import finding_in_words

LISTED = 200


@require_safe
@users_only
def dispute_list(request: UserRequest, pk: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    items = decisions.disputes(queue).select_related("trace__problem")[: LISTED + 1]
    context = {
        "queue": queue,
        "items": items[:LISTED],
        "first": decisions.disputes_for(queue, request.user).first(),
        "are_more": len(items) > LISTED,
        "is_lead": may(role_in(queue, request.user), Role.LEAD),
    }
    return render(request, "annotations/adjudication/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def dispute_detail(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """The steps at issue with what each side says, and the decision."""
    queue = queue_for(request, pk, Role.REVIEWER)
    found = _item(queue, item)
    form = RulingForm(request.POST or None, item=found)
    if form.is_valid():
        said = form.cleaned_data
        ruling = Ruling(
            label=said["step"] - 1,
            reason=said["reason"],
            error_type=said["error_type"] if said["step"] else "",
            correction=said["correction"] if said["step"] else "",
        )
        with show_refusals_on(form):
            decisions.decide(found.pk, request.user, ruling)
            messages.success(request, f"Decided: {finding_in_words(ruling.label)}.")
            return _next(request, queue, after=found.pk)
    return render(
        request, "annotations/adjudication/detail.html", dispute_context(request, found, form)
    )


@require_POST
@users_only
@show_refusals("annotations:dispute-detail", "pk", "item")
def dispute_sign(request: UserRequest, pk: int, item: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    found = _item(queue, item)
    decisions.sign(found.pk, request.user)
    messages.success(request, "Signed.")
    return redirect("annotations:dispute-detail", pk, found.pk)


@require_POST
@users_only
@show_refusals("annotations:dispute-detail", "pk", "item")
def dispute_dismiss(request: UserRequest, pk: int, item: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    found = _item(queue, item)
    status = request.POST.get("status", "")
    decisions.dismiss(found.pk, request.user, status, reason=request.POST.get("reason", ""))
    messages.success(request, "The item has left the line.")
    return _next(request, queue, after=found.pk)


def _item(queue: Queue, pk: int) -> Item:
    items = Item.objects.select_related("trace__problem", "trace__generator", "trace__dataset")
    found = get_object_or_404(items, queue=queue, pk=pk)
    found.queue = queue
    return found


def _next(request: UserRequest, queue: Queue, *, after: int) -> HttpResponse:
    """The next that the person may decide, from the first again once through."""
    waiting = decisions.disputes_for(queue, request.user)
    found = waiting.filter(pk__gt=after).first() or waiting.first()
    if found:
        return redirect("annotations:dispute-detail", queue.pk, found.pk)
    return redirect("annotations:dispute-list", queue.pk)
