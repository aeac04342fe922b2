"""The page of a queue's members: add, remove, pause and resume people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import UserRequest, users_only
from annotations.activity import log_event
from annotations.gold import monitoring
from annotations.gold.monitoring import never_screened
from annotations.leases.lifecycle import release_all
from annotations.members.anchoring import anchoring_of
from annotations.members.forms import MemberForm
from annotations.members.statistics import band_names, member_rows
from annotations.models import Event, QueueMember
from annotations.permissions import Role, has_role, queue_for, role_in


@require_safe
@users_only
def queue_people(request: UserRequest, pk: int) -> HttpResponse:
    """List the members with their statistics."""
    queue = queue_for(request, pk, Role.REVIEWER)
    is_lead = has_role(role_in(queue, request.user), Role.LEAD)
    context = {
        "queue": queue,
        "members": member_rows(queue),
        "bands": band_names(),
        "anchoring": anchoring_of(queue),
        "form": MemberForm(),
        "is_lead": is_lead,
        "never_screened": never_screened(queue).count() if is_lead else 0,
    }
    return render(request, "annotations/members/list.html", context)


@require_POST
@users_only
def member_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add a member, or change the role of one."""
    queue = queue_for(request, pk, Role.LEAD)
    form = MemberForm(request.POST)
    if form.is_valid():
        person, role = form.cleaned_data["user"], form.cleaned_data["role"]
        QueueMember.objects.update_or_create(queue=queue, user=person, defaults={"role": role})
        log_event(queue, Event.Kind.MEMBER, user=request.user, person=person.pk, role=role)
        messages.success(request, f"Saved {person.username} as {role}.")
    else:
        messages.error(request, "Choose a person and a role.")
    return redirect("annotations:queue-people", pk)


@require_POST
@users_only
def member_remove(request: UserRequest, pk: int, member: int) -> HttpResponse:
    """Remove the member and release what they hold; their reviews stay."""
    queue = queue_for(request, pk, Role.LEAD)
    row = get_object_or_404(queue.members.select_related("user"), pk=member)
    release_all(queue, row.user)
    if monitoring.failed_screening(row):
        monitoring.forget_screening(row)
    row.delete()
    log_event(queue, Event.Kind.MEMBER, user=request.user, removed=row.user_id)
    messages.success(request, f"Removed {row.user.username}. Their answers stay.")
    return redirect("annotations:queue-people", pk)


@require_POST
@users_only
def member_pause(request: UserRequest, pk: int, member: int) -> HttpResponse:
    """Pause the member, or resume a paused one."""
    queue = queue_for(request, pk, Role.LEAD)
    row = get_object_or_404(queue.members.select_related("user", "queue"), pk=member)
    if row.paused_at:
        again = (
            " They will answer the screening items again."
            if monitoring.failed_screening(row)
            else ""
        )
        monitoring.resume(row, by=request.user)
        messages.success(request, f"Resumed {row.user.username}.{again}")
    else:
        monitoring.pause(row, by=request.user)
        messages.success(request, f"Paused {row.user.username}.")
    return redirect("annotations:queue-people", pk)


@require_POST
@users_only
def member_screen(request: UserRequest, pk: int) -> HttpResponse:
    """Let the members who joined before there were screening items answer them."""
    queue = queue_for(request, pk, Role.LEAD)
    count = monitoring.screen_again(queue, by=request.user)
    people = "person" if count == 1 else "people"
    messages.success(request, f"{count} {people} will answer the screening items next.")
    return redirect("annotations:queue-people", pk)
