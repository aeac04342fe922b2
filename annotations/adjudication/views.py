"""The pages of a queue's disputes."""

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
from annotations.permissions import Role, has_role, queue_for, role_in
from traces.datasets.trace_page import finding_in_words

LISTED = 200


@require_safe
@users_only
def dispute_list(request: UserRequest, pk: int) -> HttpResponse:
    """List the disputed items, oldest first."""
    queue = queue_for(request, pk, Role.REVIEWER)
    items = decisions.disputes(queue).select_related("trace__problem")[: LISTED + 1]
    context = {
        "queue": queue,
        "items": items[:LISTED],
        "first": decisions.disputes_for(queue, request.user).first(),
        "are_more": len(items) > LISTED,
        "is_lead": has_role(role_in(queue, request.user), Role.LEAD),
    }
    return render(request, "annotations/adjudication/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def dispute_detail(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Show the steps at issue, each side's answer and the decision; take a ruling."""
    queue = queue_for(request, pk, Role.REVIEWER)
    disputed = _item(queue, item)
    form = RulingForm(request.POST or None, item=disputed)
    if form.is_valid():
        data = form.cleaned_data
        ruling = Ruling(
            label=data["step"] - 1,
            reason=data["reason"],
            error_type=data["error_type"] if data["step"] else "",
            correction=data["correction"] if data["step"] else "",
        )
        with show_refusals_on(form):
            decisions.decide(disputed.pk, request.user, ruling)
            messages.success(request, f"Decided: {finding_in_words(ruling.label)}.")
            return _next(request, queue, after=disputed.pk)
    return render(
        request, "annotations/adjudication/detail.html", dispute_context(request, disputed, form)
    )


@require_POST
@users_only
@show_refusals("annotations:dispute-detail", "pk", "item")
def dispute_sign(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Sign the item's decision."""
    queue = queue_for(request, pk, Role.REVIEWER)
    disputed = _item(queue, item)
    decisions.sign(disputed.pk, request.user)
    messages.success(request, "Signed.")
    return redirect("annotations:dispute-detail", pk, disputed.pk)


@require_POST
@users_only
@show_refusals("annotations:dispute-detail", "pk", "item")
def dispute_dismiss(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Remove the item from the queue without a decision."""
    queue = queue_for(request, pk, Role.REVIEWER)
    disputed = _item(queue, item)
    status = request.POST.get("status", "")
    decisions.dismiss(disputed.pk, request.user, status, reason=request.POST.get("reason", ""))
    messages.success(request, "Item removed from the queue.")
    return _next(request, queue, after=disputed.pk)


def _item(queue: Queue, pk: int) -> Item:
    items = Item.objects.select_related("trace__problem", "trace__generator", "trace__dataset")
    item = get_object_or_404(items, queue=queue, pk=pk)
    item.queue = queue
    return item


def _next(request: UserRequest, queue: Queue, *, after: int) -> HttpResponse:
    """Redirect to the next dispute that the person may decide, after the last to the first."""
    disputes = decisions.disputes_for(queue, request.user)
    item = disputes.filter(pk__gt=after).first() or disputes.first()
    if item:
        return redirect("annotations:dispute-detail", queue.pk, item.pk)
    return redirect("annotations:dispute-list", queue.pk)
