"""Disputes and known answers: settling what people disagree on, and making gold of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.rules import UserRequest, users_only
from annotations import adjudicating
from annotations.access import Role, may, role_in
from annotations.adjudicating import Ruling
from annotations.gold import add_gold
from annotations.models import Decision, Item, Queue
from annotations.queue_forms import GoldForm, RulingForm
from annotations.queue_views import queue_for
from annotations.refusals import ReviewRefused
from traces.datasets.trace_page import StepReading, finding_in_words, read_trace

LISTED = 200


@dataclass(frozen=True, slots=True)
class Passage:
    """Steps that stand together: at issue one by one, the others folded away."""

    steps: list[StepReading]
    is_at_issue: bool


@require_safe
@users_only
def dispute_list(request: UserRequest, pk: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    items = adjudicating.disputes(queue).select_related("trace__problem")[: LISTED + 1]
    context = {
        "queue": queue,
        "items": items[:LISTED],
        "first": adjudicating.disputes_for(queue, request.user).first(),
        "are_more": len(items) > LISTED,
        "is_lead": may(role_in(queue, request.user), Role.LEAD),
    }
    return render(request, "annotations/dispute_list.html", context)


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
        try:
            adjudicating.decide(found.pk, request.user, ruling)
        except ReviewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Decided: {finding_in_words(ruling.label)}.")
            return _next(request, queue, after=found.pk)
    return render(request, "annotations/dispute_detail.html", _context(request, found, form))


@require_POST
@users_only
def dispute_sign(request: UserRequest, pk: int, item: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    found = _item(queue, item)
    try:
        adjudicating.sign(found.pk, request.user)
        messages.success(request, "Signed.")
    except ReviewRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("annotations:dispute-detail", pk, found.pk)


@require_POST
@users_only
def dispute_dismiss(request: UserRequest, pk: int, item: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    found = _item(queue, item)
    try:
        status = request.POST.get("status", "")
        adjudicating.dismiss(found.pk, request.user, status, reason=request.POST.get("reason", ""))
        messages.success(request, "The item has left the line.")
    except ReviewRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("annotations:dispute-detail", pk, found.pk)
    return _next(request, queue, after=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def gold_list(request: UserRequest, pk: int) -> HttpResponse:
    """Items with a known answer, and those that could become some."""
    queue = queue_for(request, pk, Role.LEAD)
    form = GoldForm(request.POST or None, dataset=queue.dataset)
    if form.is_valid():
        said = form.cleaned_data
        try:
            add_gold(
                queue,
                said["trace"],
                form.label,
                feedback=said["feedback"],
                screening=said["screening"],
                by=request.user,
            )
        except ReviewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{said['trace'].external_id} has a known answer now.")
            return redirect("annotations:gold-list", pk)
    known = queue.items.exclude(purpose=Item.Purpose.WORK).select_related("trace").order_by("pk")
    found = adjudicating.gold_candidates(queue).select_related("trace")[:LISTED]
    candidates = [(item, finding_in_words(item.label)) for item in found]  # type: ignore[attr-defined]
    context = {
        "queue": queue,
        "form": form,
        "known": [(item, finding_in_words(item.gold_label)) for item in known[:LISTED]],
        "candidates": candidates,
    }
    return render(request, "annotations/gold_list.html", context)


def _item(queue: Queue, pk: int) -> Item:
    items = Item.objects.select_related("trace__problem", "trace__generator", "trace__dataset")
    found = get_object_or_404(items, queue=queue, pk=pk)
    found.queue = queue
    return found


def _next(request: UserRequest, queue: Queue, *, after: int) -> HttpResponse:
    """The next that the person may decide, from the first again once through."""
    waiting = adjudicating.disputes_for(queue, request.user)
    found = waiting.filter(pk__gt=after).first() or waiting.first()
    if found:
        return redirect("annotations:dispute-detail", queue.pk, found.pk)
    return redirect("annotations:dispute-list", queue.pk)


def _context(request: UserRequest, item: Item, form: RulingForm) -> dict[str, object]:
    sides = adjudicating.sides(item)
    verdicts = [side.verdict for side in sides]
    at_issue = adjudicating.steps_at_issue(verdicts)
    reading = read_trace(item.trace, [])
    standing = adjudicating.standing_decision(item)
    return {
        "queue": item.queue,
        "item": item,
        "reading": reading,
        "passages": passages(reading.steps, at_issue),
        "sides": [(side, finding_in_words(side.verdict.earliest_error)) for side in sides],
        "at_issue": [step + 1 for step in at_issue],
        "notes": adjudicating.notes(item),
        "standing": standing,
        "standing_label": finding_in_words(standing.label) if standing else "",
        "signers": _signers(item, standing),
        "is_lead": may(role_in(item.queue, request.user), Role.LEAD),
        "form": form,
    }


def passages(steps: list[StepReading], at_issue: list[int]) -> list[Passage]:
    """The steps in order; those at issue one by one, each run of others together."""
    found: list[Passage] = []
    for step in steps:
        is_at_issue = step.index in at_issue
        if not is_at_issue and found and not found[-1].is_at_issue:
            found[-1].steps.append(step)
        else:
            found.append(Passage([step], is_at_issue))
    return found


def _signers(item: Item, standing: Decision | None) -> list[User]:
    """Who stands behind the decision besides the one who made it."""
    if standing is None:
        return []
    signed = item.decisions.filter(label=standing.label).exclude(user=standing.user_id)
    return [decision.user for decision in signed.select_related("user").order_by("decided_at")]
