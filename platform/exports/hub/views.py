from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.refusals import show_refusals
from accounts.rules import UserRequest, leads_only
from exports.hub.forms import PushForm
from exports.hub.push import start_push
from exports.models import Export, HubPush
from jobs.models import JobRefused
from jobs.transitions import cancel


@leads_only
@require_POST
@show_refusals("exports:export-detail", "pk")
def export_push(request: UserRequest, pk: int) -> HttpResponse:
    """Push a finished export to the Hub."""
    export = get_object_or_404(Export, pk=pk)
    form = PushForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Enter the dataset as owner/name.")
    else:
        push = start_push(export, created_by=request.user, **form.cleaned_data)
        messages.success(request, f"Push to {push.repository} queued.")
    return redirect("exports:export-detail", pk)


@leads_only
@require_POST
def push_cancel(request: UserRequest, pk: int) -> HttpResponse:
    push = get_object_or_404(HubPush, pk=pk)
    try:
        cancel(push)
    except JobRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("exports:export-detail", push.export_id)
