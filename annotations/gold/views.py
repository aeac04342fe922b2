"""The page of a queue's gold items."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.refusals import show_refusals_on
from accounts.rules import UserRequest, users_only
from annotations.adjudication.views import LISTED
from annotations.gold.forms import GoldForm
from annotations.gold.items import add_gold, gold_candidates
from annotations.models import Item
from annotations.permissions import Role, queue_for
from traces.datasets.trace_page import finding_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def gold_list(request: UserRequest, pk: int) -> HttpResponse:
    """List gold items and candidates; add a gold item."""
    queue = queue_for(request, pk, Role.LEAD)
    form = GoldForm(request.POST or None, dataset=queue.dataset)
    if form.is_valid():
        data = form.cleaned_data
        with show_refusals_on(form):
            add_gold(
                queue,
                data["trace"],
                form.label,
                feedback=data["feedback"],
                screening=data["screening"],
                by=request.user,
            )
            messages.success(request, f"Gold item added: {data['trace'].external_id}.")
            return redirect("annotations:gold-list", pk)
    gold = queue.items.exclude(purpose=Item.Purpose.WORK).select_related("trace").order_by("pk")
    signed = gold_candidates(queue).select_related("trace")[:LISTED]
    candidates = [(item, finding_in_words(item.label)) for item in signed]  # type: ignore[attr-defined]
    context = {
        "queue": queue,
        "form": form,
        "gold": [(item, finding_in_words(item.gold_label)) for item in gold[:LISTED]],
        "candidates": candidates,
    }
    return render(request, "annotations/gold/list.html", context)
