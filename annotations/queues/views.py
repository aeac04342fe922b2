"""The pages of queues: list, detail, rules, state, log and deletion."""

import json
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import show_refusals, show_refusals_on
from accounts.rules import UserRequest, leads_only, users_only
from annotations.models import Event, Queue
from annotations.permissions import Role, has_role, queue_for, role_in
from annotations.queues import delete, operations
from annotations.queues.background import shown_jobs
from annotations.queues.comment_views import comments_for_lead
from annotations.queues.create import create_queue
from annotations.queues.forms import DuplicateForm, QueueForm
from annotations.queues.statistics import counts_of
from annotations.queues.tables import queues_of
from jobs.transitions import cancel
from traces.datasets.trace_page import finding_in_words
from traces.models import Dataset

# Settings whose column says less than the form does.
SETTING_NAMES = {
    "overlap": "reviewers per item",
    "max_overlap": "max. reviewers",
    "rule": "consensus rule",
    "unresolved": "items without consensus",
    "opinions": "model verdicts",
    "threshold": "most uncertain score",
    "pass_mark": "screening pass rate",
    "drift_bound": "minimum rolling gold accuracy",
    "is_for_everyone": "open to everyone",
    "bad_problem_limit": "“bad problem” limit",
    "give_up_limit": "“too hard” limit",
}
LATEST = 30  # events on the queue's page


@require_safe
@users_only
def queue_list(request: UserRequest) -> HttpResponse:
    """List the queues that the person can review in."""
    return render(request, "annotations/queues/list.html", {"queues": queues_of(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def queue_create(request: UserRequest, name: str) -> HttpResponse:
    """Create a queue of the dataset and fill it."""
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    form = QueueForm(request.POST or None, dataset=dataset)
    if form.is_valid():
        name = form.cleaned_data["name"]
        queue = create_queue(dataset, name, created_by=request.user, **form.rules)
        _fill(request, queue)
        return redirect("annotations:queue-detail", queue.pk)
    context = {"form": form, "dataset": dataset}
    return render(request, "annotations/queues/form.html", context)


@require_safe
@users_only
def queue_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show the queue's counts, settings and latest events."""
    queue = queue_for(request, pk, Role.VIEWER)
    role = role_in(queue, request.user)
    is_reviewer = has_role(role, Role.REVIEWER)
    context = {
        "queue": queue,
        "counts": counts_of(queue),
        "is_lead": has_role(role, Role.LEAD),
        "is_reviewer": is_reviewer,
        "duplicating": DuplicateForm(),
        "jobs": shown_jobs(queue) if is_reviewer else [],
        "events": _latest(queue) if is_reviewer else [],
        "open_comments": comments_for_lead(queue).filter(resolved_at=None).count()
        if is_reviewer
        else 0,
    }
    return render(request, "annotations/queues/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def queue_settings(request: UserRequest, pk: int) -> HttpResponse:
    """Change the queue's rules."""
    queue = queue_for(request, pk, Role.LEAD)
    # The form changes its instance while it validates: the stored queue is read again.
    form = QueueForm(request.POST or None, instance=queue, dataset=queue.dataset)
    if form.is_valid():
        with show_refusals_on(form):
            operations.change_rules(
                Queue.objects.get(pk=pk),
                by=request.user,
                name=form.cleaned_data["name"],
                **form.rules,
            )
            messages.success(request, "Queue settings saved. Affected items are being updated.")
            return redirect("annotations:queue-detail", pk)
    context = {"form": form, "dataset": queue.dataset, "queue": Queue.objects.get(pk=pk)}
    return render(request, "annotations/queues/form.html", context)


@require_POST
@users_only
@show_refusals("annotations:queue-detail", "pk")
def queue_status(request: UserRequest, pk: int) -> HttpResponse:
    """Open, pause or close the queue."""
    queue = queue_for(request, pk, Role.LEAD)
    status = request.POST.get("status", "")
    if status in Queue.Status.values:
        changed = operations.set_status(queue, status, by=request.user)
        messages.success(request, f"The queue is now {changed.get_status_display()}.")
    return redirect("annotations:queue-detail", pk)


@require_POST
@users_only
@show_refusals("annotations:queue-detail", "pk")
def queue_job_cancel(request: UserRequest, pk: int, job: int) -> HttpResponse:
    """Cancel a change to the queue's items; what it has done stays."""
    queue = queue_for(request, pk, Role.LEAD)
    cancel(get_object_or_404(queue.jobs, pk=job))
    return redirect("annotations:queue-detail", pk)


@require_POST
@users_only
def queue_fill(request: UserRequest, pk: int) -> HttpResponse:
    """Add the traces that the queue's filter selects and that are not in it yet."""
    queue = queue_for(request, pk, Role.LEAD)
    _fill(request, queue)
    return redirect("annotations:queue-detail", pk)


@require_POST
@users_only
def queue_duplicate(request: UserRequest, pk: int) -> HttpResponse:
    """Create a queue with the same rules, members and gold items."""
    queue = queue_for(request, pk, Role.LEAD)
    form = DuplicateForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Enter a name for the new queue.")
        return redirect("annotations:queue-detail", pk)
    name = form.cleaned_data["name"]
    if Queue.objects.filter(dataset=queue.dataset, name=name).exists():
        messages.error(
            request, f"{queue.dataset.name} already has a queue {name!r}. Choose another name."
        )
        return redirect("annotations:queue-detail", pk)
    try:
        copy = operations.duplicate(queue, name, by=request.user)
    except ValueError as error:
        messages.error(request, f"Nothing was copied. {error}")
        return redirect("annotations:queue-detail", pk)
    messages.success(request, "Queue duplicated with its settings, people and gold items.")
    return redirect("annotations:queue-detail", copy.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def queue_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Show what would be deleted with the queue; delete it on POST."""
    queue = queue_for(request, pk, Role.LEAD)
    if request.method == "POST":
        delete.delete_queue(queue, by=request.user)
        messages.success(request, f"Queue {queue.name} deleted. Its verdicts stay.")
        return redirect("annotations:queue-list")
    context = {"queue": queue, "summary": delete.count_deletions(queue)}
    return render(request, "annotations/queues/delete.html", context)


@require_safe
@users_only
def queue_log(request: UserRequest, pk: int) -> StreamingHttpResponse:
    """Return every event of the queue as JSON lines, oldest first."""
    queue = queue_for(request, pk, Role.LEAD)
    answer = StreamingHttpResponse(_log_lines(queue), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="queue-{queue.pk}-log.jsonl"'
    return answer


def _fill(request: UserRequest, queue: Queue) -> None:
    """Fill the queue, and add a message with the result."""
    try:
        added = operations.populate(queue, by=request.user)
    except ValueError as error:
        messages.error(request, str(error))
        return
    if added is None:
        messages.success(request, "New traces are being added. This takes a few seconds.")
    else:
        messages.success(request, f"{added:,} trace{'' if added == 1 else 's'} added.")


def _latest(queue: Queue) -> list[tuple[Event, str]]:
    """Return the latest events but for everyday ones, each with its details as text."""
    everyday = [
        Event.Kind.GRANTED,
        Event.Kind.RELEASED,
        Event.Kind.SHOWN,
        Event.Kind.SUBMITTED,
        Event.Kind.EXPIRED,
        Event.Kind.SETTLED,
        Event.Kind.DISPUTED,
        Event.Kind.FINISHED,
    ]
    newest = queue.events.order_by("-pk").values("pk")[:2000]
    events = Event.objects.filter(pk__in=newest).exclude(kind__in=everyday)
    return [
        (event, ", ".join(_detail(name, value) for name, value in event.details.items()))
        for event in events.select_related("user").order_by("-pk")[:LATEST]
    ]


def _detail(name: str, value: object) -> str:
    """Return a detail as text. Labels are stored counted from 0 and shown from 1."""
    if name == "label" and isinstance(value, int):
        return finding_in_words(value)
    if name == "changed" and isinstance(value, list):
        return "Changed " + ", ".join(SETTING_NAMES.get(n, n.replace("_", " ")) for n in value)
    return f"{name.replace('_', ' ')} {value}"


def _log_lines(queue: Queue) -> Iterator[str]:
    fields = (
        "id",
        "at",
        "kind",
        "item_id",
        "item__trace__external_id",
        "user__username",
        "details",
    )
    for row in queue.events.order_by("pk").values_list(*fields).iterator(chunk_size=5_000):
        number, at, kind, item, trace, user, details = row
        yield (
            json.dumps(
                {
                    "id": number,
                    "at": at.isoformat(),
                    "kind": kind,
                    "item": item,
                    "trace": trace,
                    "user": user,
                    "details": details,
                }
            )
            + "\n"
        )
