"""The page of the comments to a queue's lead."""

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import UserRequest, users_only
from annotations.models import Queue, StepComment
from annotations.permissions import Role, has_role, queue_for, role_in


@require_safe
@users_only
def queue_comments(request: UserRequest, pk: int) -> HttpResponse:
    """List the queue's comments, open ones first."""
    queue = queue_for(request, pk, Role.REVIEWER)
    comments = (
        comments_for_lead(queue)
        .select_related("author", "item__trace")
        .order_by(F("resolved_at").asc(nulls_first=True), "-created_at")[:500]
    )
    is_lead = has_role(role_in(queue, request.user), Role.LEAD)
    context = {"queue": queue, "comments": comments, "is_lead": is_lead}
    return render(request, "annotations/queues/comments.html", context)


@require_POST
@users_only
def comment_resolve(request: UserRequest, pk: int, comment: int) -> HttpResponse:
    """Mark the comment as resolved."""
    queue = queue_for(request, pk, Role.REVIEWER)
    row = get_object_or_404(comments_for_lead(queue), pk=comment)
    row.resolved_at, row.resolved_by = timezone.now(), request.user
    row.save(update_fields=["resolved_at", "resolved_by"])
    return redirect("annotations:queue-comments", pk)


def comments_for_lead(queue: Queue) -> QuerySet[StepComment]:
    """Return the comments on the queue's items."""
    return StepComment.objects.filter(item__queue=queue)
