"""The review page of a lease: what it shows, takes and saves. Lists are in `list_views`."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import UserRequest, users_only
from annotations import answering, leasing, revealing
from annotations.answering import Answer, Sent
from annotations.drafts import draft_of
from annotations.forms import CommentForm, SendingForm
from annotations.list_views import waiting
from annotations.models import Lease, Queue, StepComment
from annotations.progress import progress_of
from annotations.refusals import DraftConflict, ReviewRefused
from annotations.review_page import ReviewPage
from annotations.said import sent as said_in
from traces.typesetting import typeset

LONGEST_PREVIEW = 100_000
_LEVELS = {"good": messages.SUCCESS, "bad": messages.ERROR, "plain": messages.INFO}


@require_safe
@users_only
def queue_review(request: UserRequest, pk: int) -> HttpResponse:
    """The item to work on in a queue, or a page that says why there is none."""
    queue = get_object_or_404(Queue.objects.visible_to(request.user), pk=pk)
    try:
        lease = leasing.next_lease(queue, request.user)
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
        page = answering.opened_page(lease, request.user, fresh="fresh" in request.GET)
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
        return JsonResponse({"version": answering.keep(_sent(request, lease))})
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
        lease = leasing.renew(pk, request.user)
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
        leasing.release(ahead.pk, request.user)
    if draft_of(lease.item, request.user) is None:
        leasing.release(pk, request.user)
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
        ahead = leasing.lease_ahead(lease.queue, request.user)
        if ahead is None:
            return HttpResponse(status=204)
        page = answering.opened_page(ahead, request.user, ahead=True)
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
        answer = answering.finish(sent, request.POST["finish"])
    elif "reveal" in request.POST:
        answer = answering.reveal(sent)
    else:
        answer = answering.submit(sent)
    if answer.page:
        return _page(request, answer.page, status=answer.status)
    return _go_on(request, lease.queue, answer)


def _go_on(request: UserRequest, queue: Queue, answer: Answer) -> HttpResponse:
    found = answering.what_is_next(queue, request.user)
    address = (
        reverse("annotations:review-detail", args=[found.pk])
        if found
        else reverse("annotations:queue-review", args=[queue.pk])
    )
    if found:
        revealing.opened(found, request.user)
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
    template = "annotations/review.html" + ("#item" if _by_script(request) else "")
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
