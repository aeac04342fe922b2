"""The queues a person can work in, and their own reviews."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from annotations.filling import default_queue, fill
from annotations.leasing import lease_trace
from annotations.models import Lease, Queue
from annotations.progress import queues_of
from annotations.refusals import ReviewRefused
from annotations.review_line import ReviewLine
from annotations.waiting import waiting_page
from traces.models import Dataset, Trace

REVIEWS_A_PAGE = 50
TAKEN = (
    "This trace is not free: as many people as its queue asks for have answered it or hold it, or"
    " it has been settled."
)


@require_safe
@users_only
def queue_list(request: UserRequest) -> HttpResponse:
    return render(request, "annotations/queue_list.html", {"queues": queues_of(request.user)})


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
    return render(request, "annotations/review_list.html", context)


def waiting(request: UserRequest, queue: Queue, refusal: str = "") -> HttpResponse:
    """The page of a queue that has nothing for the person now, and why."""
    context = {"queue": queue, "waiting": waiting_page(queue, request.user, refusal)}
    return render(request, "annotations/review_waiting.html", context)
