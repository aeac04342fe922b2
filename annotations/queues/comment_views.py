"""The page of a queue's comments."""

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import UserRequest, users_only
from annotations.models import Queue, StepComment
from annotations.permissions import Role, may, queue_for, role_in


@require_safe
@users_only
def queue_comments(request: UserRequest, pk: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    comments = (
        comments_for_lead(queue)
        .select_related("author", "item__trace")
        .order_by(F("resolved_at").asc(nulls_first=True), "-created_at")[:500]
    )
    is_lead = may(role_in(queue, request.user), Role.LEAD)
    context = {"queue": queue, "comments": comments, "is_lead": is_lead}
    return render(request, "annotations/queues/comments.html", context)


@require_POST
@users_only
def comment_resolve(request: UserRequest, pk: int, comment: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    found = get_object_or_404(comments_for_lead(queue), pk=comment)
    found.resolved_at, found.resolved_by = timezone.now(), request.user
    found.save(update_fields=["resolved_at", "resolved_by"])
    return redirect("annotations:queue-comments", pk)


def comments_for_lead(queue: Queue) -> QuerySet[StepComment]:
    return StepComment.objects.filter(item__queue=queue)
