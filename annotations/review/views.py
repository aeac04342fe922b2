"""The queues a person can work in, and their own reviews."""

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
from annotations.queues.progress import progress_of
from annotations.review import actions, model_reveal
from annotations.review.actions import Answer, Sent
from annotations.review.drafts import draft_of
from annotations.review.empty_queue import waiting_page
from annotations.review.form_data import sent as said_in
from annotations.review.forms import CommentForm, SendingForm
from annotations.review.history import ReviewLine
from annotations.review.page import ReviewPage
from traces.models import Dataset, Trace
from traces.typesetting import typeset

REVIEWS_A_PAGE = 50
TAKEN = (
    "This trace is not free: as many people as its queue asks for have answered it or hold it, or"
    " it has been settled."
)


@require_safe
@users_only
def dataset_review(request: UserRequest, name: str) -> HttpResponse:
    """The dataset's own queue, made on first use."""
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    return redirect("annotations:queue-review", default_queue(dataset).pk)


@require_safe
@users_only
def trace_review(request: UserRequest, name: str, pk: int) -> HttpResponse:
    """One trace that the person picked, in its dataset's own queue."""
    traces = Trace.objects.visible_to(request.user).select_related("dataset")
    trace = get_object_or_404(traces, pk=pk, dataset__name=name)
    queue = default_queue(trace.dataset)
    if queue.is_open and not queue.items.filter(trace=trace).exists():
        fill(queue)
    try:
        lease = lease_trace(queue, request.user, trace)
    except ReviewRefused as refusal:
        return waiting(request, queue, str(refusal))
    if lease is None:
        return waiting(request, queue, TAKEN)
    return redirect("annotations:review-detail", lease)


@require_safe
@users_only
def review_list(request: UserRequest, pk: int) -> HttpResponse:
    """The person's own reviews in a queue, newest first; each can be opened and changed."""
    queue = get_object_or_404(Queue.objects.visible_to(request.user), pk=pk)
    leases = (
        Lease.objects.of(request.user)
        .filter(queue=queue, ended_at__isnull=False)
        .select_related("verdict", "item__trace__problem")
        .order_by("-ended_at")
    )
    reviews = Paginator(leases, REVIEWS_A_PAGE).get_page(request.GET.get("page"))
    lines = [ReviewLine(lease) for lease in reviews]
    context = {"queue": queue, "reviews": reviews, "lines": lines}
    return render(request, "annotations/review/history.html", context)


def waiting(request: UserRequest, queue: Queue, refusal: str = "") -> HttpResponse:
    """The page of a queue that has nothing for the person now, and why."""
    context = {"queue": queue, "waiting": waiting_page(queue, request.user, refusal)}
    return render(request, "annotations/review/empty_queue.html", context)


LONGEST_PREVIEW = 100_000
_LEVELS = {"good": messages.SUCCESS, "bad": messages.ERROR, "plain": messages.INFO}


@require_safe
@users_only
def queue_review(request: UserRequest, pk: int) -> HttpResponse:
    """The item to work on in a queue, or a page that says why there is none."""
    queue = get_object_or_404(Queue.objects.visible_to(request.user), pk=pk)
    try:
        lease = lifecycle.next_lease(queue, request.user)
    except ReviewRefused as refusal:
        return waiting(request, queue, str(refusal))
    return redirect("annotations:review-detail", lease.pk) if lease else waiting(request, queue)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def review(request: UserRequest, pk: int) -> HttpResponse:
    mine = Lease.objects.of(request.user)
    if request.method == "POST":
        sent_of = mine.select_related("queue", "item__trace")
        return _answer(request, get_object_or_404(sent_of, pk=pk))
    lease = get_object_or_404(mine.with_item().select_related("queue__dataset"), pk=pk)
    try:
        page = actions.opened_page(lease, request.user, fresh="fresh" in request.GET)
    except ReviewRefused as refusal:
        return waiting(request, lease.queue, str(refusal))
    return _page(request, page)


@require_POST
@users_only
def review_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Saves what is typed; the version to save on."""
    lease = get_object_or_404(Lease.objects.of(request.user).only("pk"), pk=pk)
    if other := _somebody_else(request):
        return other
    try:
        return JsonResponse({"version": actions.keep(_sent(request, lease))})
    except DraftConflict as conflict:
        address = reverse("annotations:review-detail", args=[lease.pk])
        said = f"{conflict} Reload the page to see it; what is typed here stays in this browser."
        return JsonResponse({"error": said, "address": address}, status=409)
    except ReviewRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)


@require_POST
@users_only
def review_renew(request: UserRequest, pk: int) -> HttpResponse:
    """A heartbeat of the page."""
    get_object_or_404(Lease.objects.of(request.user).only("pk"), pk=pk)
    if other := _somebody_else(request):
        return other
    try:
        lease = lifecycle.renew(pk, request.user)
    except ReviewRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"expires_at": lease.expires_at.isoformat()})


@require_POST
@users_only
def review_leave(request: UserRequest, pk: int) -> HttpResponse:
    """The page was left: what is held comes back, but for an item with a draft, which waits."""
    lease = get_object_or_404(Lease.objects.of(request.user).select_related("queue"), pk=pk)
    if other := _somebody_else(request):
        return other
    for ahead in Lease.objects.held().of(request.user).filter(queue=lease.queue, is_ahead=True):
        lifecycle.release(ahead.pk, request.user)
    if draft_of(lease.item, request.user) is None:
        lifecycle.release(pk, request.user)
    return HttpResponse(status=204)


@require_POST
@users_only
def review_ahead(request: UserRequest, pk: int) -> HttpResponse:
    """The item after this one as a part of the page, held from now on; 204 where there is none."""
    lease = get_object_or_404(
        Lease.objects.of(request.user).select_related("queue__dataset"), pk=pk
    )
    if other := _somebody_else(request):
        return other
    try:
        ahead = lifecycle.lease_ahead(lease.queue, request.user)
        if ahead is None:
            return HttpResponse(status=204)
        page = actions.opened_page(ahead, request.user, ahead=True)
    except ReviewRefused:
        return HttpResponse(status=204)
    return _page(request, page)


@require_POST
@users_only
def review_comment(request: UserRequest, pk: int) -> HttpResponse:
    """A word to the lead about a step."""
    lease = get_object_or_404(Lease.objects.of(request.user).select_related("queue"), pk=pk)
    form = CommentForm(request.POST, trace=lease.item.trace)
    wants_json = _by_script(request)
    if not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        if wants_json:
            return JsonResponse({"error": said}, status=400)
        messages.error(request, said)
    else:
        step, text = form.cleaned_data["step"], form.cleaned_data["text"]
        StepComment.objects.create(item=lease.item, step=step, author=request.user, text=text)
        if wants_json:
            return JsonResponse({"step": step, "text": text})
    return redirect("annotations:review-detail", pk)


@require_POST
@users_only
def preview(request: UserRequest) -> HttpResponse:
    """A correction as it will be read, for the page to show while it is typed."""
    return HttpResponse(typeset(request.POST.get("correction", "")[:LONGEST_PREVIEW]))


def _answer(request: UserRequest, lease: Lease) -> HttpResponse:
    if other := _somebody_else(request):
        return other
    sent = _sent(request, lease)
    if "finish" in request.POST:
        answer = actions.finish(sent, request.POST["finish"])
    elif "reveal" in request.POST:
        answer = actions.reveal(sent)
    else:
        answer = actions.submit(sent)
    if answer.page:
        return _page(request, answer.page, status=answer.status)
    return _go_on(request, lease.queue, answer)


def _go_on(request: UserRequest, queue: Queue, answer: Answer) -> HttpResponse:
    found = actions.what_is_next(queue, request.user)
    address = (
        reverse("annotations:review-detail", args=[found.pk])
        if found
        else reverse("annotations:queue-review", args=[queue.pk])
    )
    if found:
        model_reveal.opened(found, request.user)
    if _by_script(request):
        # The page fetched ahead was drawn before this answer, so its count is one behind.
        progress = found and progress_of(queue, request.user.pk)
        return JsonResponse(
            {
                "next": address,
                "told": answer.told and asdict(answer.told),
                "progress": progress and progress.as_said(),
            }
        )
    if answer.told:
        messages.add_message(request, _LEVELS[answer.told.kind], answer.told.text)
    return HttpResponseRedirect(address)


def _page(request: UserRequest, page: ReviewPage, status: int = 200) -> HttpResponse:
    template = "annotations/review/page.html" + ("#item" if _by_script(request) else "")
    context = {"page": page, "trace": page.trace}
    return render(request, template, context, status=status)


def _sent(request: UserRequest, lease: Lease) -> Sent:
    hidden = SendingForm(request.POST).given()
    return Sent(lease, request.user, said_in(request.POST), **hidden)


def _by_script(request: UserRequest) -> bool:
    return "X-Review-Page" in request.headers


def _somebody_else(request: UserRequest) -> HttpResponse | None:
    """A refusal where the page was drawn for somebody else: two people share this browser."""
    reviewer = request.POST.get("reviewer", "")
    if reviewer in {"", str(request.user.pk)}:
        return None
    said = (
        f"Somebody else, {request.user.username}, has logged in in this browser since."
        " Log in as yourself to go on; what you typed is kept."
    )
    return JsonResponse({"error": said}, status=409)
