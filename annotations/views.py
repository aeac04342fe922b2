from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import UserRequest, users_only
from annotations.choosing import next_trace, progress
from annotations.forms import PlaceForm, ReviewForm
from annotations.review_page import review_context, shown_judges
from annotations.reviewing import ReviewConflict, submit_review
from traces.models import Dataset, Trace
from traces.typesetting import typeset


@require_safe
@users_only
def queue_list(request: UserRequest) -> HttpResponse:
    return render(request, "annotations/queue_list.html", {"queues": progress(request.user)})


@require_safe
@users_only
def review_next(request: UserRequest, name: str) -> HttpResponse:
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    form = PlaceForm(request.GET)
    after = form.cleaned_data["after"] if form.is_valid() else None
    trace = next_trace(dataset, request.user, after=after or 0)
    if trace is None:
        return render(request, "annotations/queue_done.html", {"dataset": dataset})
    return redirect("annotations:review", name, trace.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def review(request: UserRequest, name: str, pk: int) -> HttpResponse:
    traces = Trace.objects.visible_to(request.user).select_related(
        "problem", "generator", "dataset"
    )
    trace = get_object_or_404(traces, pk=pk, dataset__name=name)
    if request.method != "POST":
        return render(request, "annotations/review.html", review_context(trace, request.user))
    form = ReviewForm(request.POST, trace=trace)
    conflict = None
    if form.is_valid():
        try:
            submit_review(
                trace,
                request.user,
                form.review(shown_judges(trace, request.user)),
                based_on=form.cleaned_data["based_on"],
            )
            return redirect(reverse("annotations:review-next", args=[name]) + f"?after={pk}")
        except ReviewConflict as found:
            conflict = found
    context = review_context(trace, request.user, form=form, conflict=conflict)
    return render(request, "annotations/review.html", context, status=409 if conflict else 400)


@require_POST
@users_only
def preview(request: UserRequest) -> HttpResponse:
    """A correction as it will be read, for the page to show while it is typed."""
    return HttpResponse(typeset(request.POST.get("correction", "")[:100_000]))
