"""The review page with its actions, and a person's own reviews."""

from dataclasses import asdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import UserRequest, users_only
from annotations.errors import DraftConflict, ReviewRefused
from annotations.leases import lifecycle
from annotations.leases.lifecycle import lease_trace
from annotations.models import Lease, Queue, StepComment
from annotations.queues.create import default_queue
from annotations.queues.populate import fill
from annotations.review import actions, model_reveal
from annotations.review.actions import ActionResult, ReviewPost
from annotations.review.empty_queue import explain_empty_queue
from annotations.review.forms import CommentForm, HiddenForm, ReviewFormData
from annotations.review.history import ReviewRow
from annotations.review.page import ReviewPage, progress_of
from annotations.review.submit import draft_of
from traces.models import Dataset, Trace
from traces.typesetting import typeset

REVIEWS_A_PAGE = 50
TAKEN = "This trace isn't available: it has enough reviewers or is already settled."
LONGEST_PREVIEW = 100_000
_LEVELS = {"good": messages.SUCCESS, "bad": messages.ERROR, "plain": messages.INFO}


@require_safe
@users_only
def dataset_review(request: UserRequest, name: str) -> HttpResponse:
    """Redirect to the dataset's default queue, created on first use."""
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    return redirect("annotations:queue-review", default_queue(dataset).pk)


@require_safe
@users_only
def trace_review(request: UserRequest, name: str, pk: int) -> HttpResponse:
    """Redirect to the review of a trace that the person chose, in its dataset's default queue."""
    traces = Trace.objects.visible_to(request.user).select_related("dataset")
    trace = get_object_or_404(traces, pk=pk, dataset__name=name)
    queue = default_queue(trace.dataset)
    if queue.is_open and not queue.items.filter(trace=trace).exists():
        fill(queue)
    try:
        lease = lease_trace(queue, request.user, trace)
    except ReviewRefused as refusal:
        return empty_queue(request, queue, str(refusal))
    if lease is None:
        return empty_queue(request, queue, TAKEN)
    return redirect("annotations:review-detail", lease)


@require_safe
@users_only
def review_list(request: UserRequest, pk: int) -> HttpResponse:
    """Show the person's own reviews in a queue, newest first; each can be opened and changed."""
    queue = get_object_or_404(Queue.objects.visible_to(request.user), pk=pk)
    leases = (
        Lease.objects.of(request.user)
        .filter(queue=queue, ended_at__isnull=False)
        .select_related("verdict", "item__trace__problem")
        .order_by("-ended_at")
    )
    reviews = Paginator(leases, REVIEWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [ReviewRow(lease) for lease in reviews]
    context = {"queue": queue, "reviews": reviews, "rows": rows}
    return render(request, "annotations/review/history.html", context)


def empty_queue(request: UserRequest, queue: Queue, refusal: str = "") -> HttpResponse:
    """Show why the queue has nothing for the person now."""
    reason = explain_empty_queue(queue, request.user, refusal)
    context = {"queue": queue, "reason": reason}
    return render(request, "annotations/review/empty_queue.html", context)


@require_safe
@users_only
def queue_review(request: UserRequest, pk: int) -> HttpResponse:
    """Redirect to the item to work on in a queue, or show why there is none."""
    queue = get_object_or_404(Queue.objects.visible_to(request.user), pk=pk)
    try:
        lease = lifecycle.next_lease(queue, request.user)
    except ReviewRefused as refusal:
        return empty_queue(request, queue, str(refusal))
    return redirect("annotations:review-detail", lease.pk) if lease else empty_queue(request, queue)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def review(request: UserRequest, pk: int) -> HttpResponse:
    """Show the review page of the person's lease, or take what it posts."""
    leases = Lease.objects.of(request.user)
    if request.method == "POST":
        lease = get_object_or_404(leases.select_related("queue", "item__trace"), pk=pk)
        return _post(request, lease)
    lease = get_object_or_404(leases.with_item().select_related("queue__dataset"), pk=pk)
    try:
        page = actions.open_page(lease, request.user, fresh="fresh" in request.GET)
    except ReviewRefused as refusal:
        return empty_queue(request, lease.queue, str(refusal))
    return _page(request, page)


@require_POST
@users_only
def review_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Save the draft. Return its version as JSON."""
    lease = get_object_or_404(Lease.objects.of(request.user).only("pk"), pk=pk)
    if other := _refuse_other_user(request):
        return other
    try:
        return JsonResponse({"version": actions.handle_draft(_review_post(request, lease))})
    except DraftConflict as conflict:
        address = reverse("annotations:review-detail", args=[lease.pk])
        error = f"{conflict} Reload the page to see it. Your text here stays in this browser."
        return JsonResponse({"error": error, "address": address}, status=409)
    except ReviewRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)


@require_POST
@users_only
def review_renew(request: UserRequest, pk: int) -> HttpResponse:
    """Renew the lease, as the page's heartbeat. Return when it expires as JSON."""
    get_object_or_404(Lease.objects.of(request.user).only("pk"), pk=pk)
    if other := _refuse_other_user(request):
        return other
    try:
        lease = lifecycle.renew(pk, request.user)
    except ReviewRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"expires_at": lease.expires_at.isoformat()})


@require_POST
@users_only
def review_leave(request: UserRequest, pk: int) -> HttpResponse:
    """Release what is held when the page is left, but for an item with a draft."""
    lease = get_object_or_404(Lease.objects.of(request.user).select_related("queue"), pk=pk)
    if other := _refuse_other_user(request):
        return other
    for ahead in Lease.objects.held().of(request.user).filter(queue=lease.queue, is_ahead=True):
        lifecycle.release(ahead.pk, request.user)
    if draft_of(lease.item, request.user) is None:
        lifecycle.release(pk, request.user)
    return HttpResponse(status=204)


@require_POST
@users_only
def review_ahead(request: UserRequest, pk: int) -> HttpResponse:
    """Return the page of the item after this one, held from now on; 204 when there is none."""
    lease = get_object_or_404(
        Lease.objects.of(request.user).select_related("queue__dataset"), pk=pk
    )
    if other := _refuse_other_user(request):
        return other
    try:
        ahead = lifecycle.lease_ahead(lease.queue, request.user)
        if ahead is None:
            return HttpResponse(status=204)
        page = actions.open_page(ahead, request.user, ahead=True)
    except ReviewRefused:
        return HttpResponse(status=204)
    return _page(request, page)


@require_POST
@users_only
def review_comment(request: UserRequest, pk: int) -> HttpResponse:
    """Add a comment to the lead on a step."""
    lease = get_object_or_404(Lease.objects.of(request.user).select_related("queue"), pk=pk)
    form = CommentForm(request.POST, trace=lease.item.trace)
    wants_json = _is_from_script(request)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        if wants_json:
            return JsonResponse({"error": message}, status=400)
        messages.error(request, message)
    else:
        step, text = form.cleaned_data["step"], form.cleaned_data["text"]
        StepComment.objects.create(item=lease.item, step=step, author=request.user, text=text)
        if wants_json:
            return JsonResponse({"step": step, "text": text})
    return redirect("annotations:review-detail", pk)


@require_POST
@users_only
def preview(request: UserRequest) -> HttpResponse:
    """Return a correction typeset, for the page to show while it is typed."""
    return HttpResponse(typeset(request.POST.get("correction", "")[:LONGEST_PREVIEW]))


def _post(request: UserRequest, lease: Lease) -> HttpResponse:
    """Take the page's form: a submit, a skip reason, or the request to reveal models."""
    if other := _refuse_other_user(request):
        return other
    post = _review_post(request, lease)
    if "finish" in request.POST:
        result = actions.handle_skip(post, request.POST["finish"])
    elif "reveal" in request.POST:
        result = actions.handle_reveal(post)
    else:
        result = actions.handle_submit(post)
    if result.page:
        return _page(request, result.page, status=result.status)
    return _go_to_next(request, lease.queue, result)


def _go_to_next(request: UserRequest, queue: Queue, result: ActionResult) -> HttpResponse:
    """Redirect to the next item; return its address and the notice as JSON to the script."""
    lease = actions.find_next(queue, request.user)
    address = (
        reverse("annotations:review-detail", args=[lease.pk])
        if lease
        else reverse("annotations:queue-review", args=[queue.pk])
    )
    if lease:
        model_reveal.mark_opened(lease, request.user)
    notice = result.notice
    if _is_from_script(request):
        # The page fetched ahead was rendered before this review: its count is one short.
        progress = progress_of(queue, request.user.pk).as_json() if lease else None
        return JsonResponse(
            {"next": address, "notice": notice and asdict(notice), "progress": progress}
        )
    if notice:
        messages.add_message(request, _LEVELS[notice.kind], notice.text)
    return HttpResponseRedirect(address)


def _page(request: UserRequest, page: ReviewPage, status: int = 200) -> HttpResponse:
    template = "annotations/review/page.html" + ("#item" if _is_from_script(request) else "")
    context = {"page": page, "trace": page.trace}
    return render(request, template, context, status=status)


def _review_post(request: UserRequest, lease: Lease) -> ReviewPost:
    form_data = ReviewFormData.from_post(request.POST)
    return ReviewPost(lease, request.user, form_data, **HiddenForm(request.POST).values())


def _is_from_script(request: UserRequest) -> bool:
    return "X-Review-Page" in request.headers


def _refuse_other_user(request: UserRequest) -> HttpResponse | None:
    """Return a refusal when the page was rendered for somebody else: two people share a browser."""
    reviewer = request.POST.get("reviewer", "")
    if reviewer in {"", str(request.user.pk)}:
        return None
    error = (
        f"{request.user.username} has signed in in this browser. Sign in as yourself to "
        "continue. Your draft is kept."
    )
    return JsonResponse({"error": error}, status=409)
