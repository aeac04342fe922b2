"""Who works in a queue: adding, changing, pausing and resuming people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import UserRequest, users_only
from annotations.event_log import log
from annotations.gold import monitoring
from annotations.gold.monitoring import never_screened
from annotations.leases.lifecycle import release_all
from annotations.members.anchoring import anchoring_of
from annotations.members.forms import MemberForm
from annotations.members.statistics import band_names, people_of
from annotations.models import Event, QueueMember
from annotations.permissions import Role, may, queue_for, role_in


@require_safe
@users_only
def queue_people(request: UserRequest, pk: int) -> HttpResponse:
    queue = queue_for(request, pk, Role.REVIEWER)
    is_lead = may(role_in(queue, request.user), Role.LEAD)
    context = {
        "queue": queue,
        "people": people_of(queue),
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
    """A person who is in already gets the new role."""
    queue = queue_for(request, pk, Role.LEAD)
    form = MemberForm(request.POST)
    if form.is_valid():
        person, role = form.cleaned_data["user"], form.cleaned_data["role"]
        QueueMember.objects.update_or_create(queue=queue, user=person, defaults={"role": role})
        log(queue, Event.Kind.MEMBER, user=request.user, person=person.pk, role=role)
        messages.success(request, f"{person.username} is {role} here.")
    else:
        messages.error(request, "Choose a person and a role.")
    return redirect("annotations:queue-people", pk)


@require_POST
@users_only
def member_remove(request: UserRequest, pk: int, member: int) -> HttpResponse:
    """What the person holds comes back; what they answered stays."""
    queue = queue_for(request, pk, Role.LEAD)
    found = get_object_or_404(queue.members.select_related("user"), pk=member)
    release_all(queue, found.user)
    if monitoring.failed_screening(found):
        monitoring.forget_screening(found)
    found.delete()
    log(queue, Event.Kind.MEMBER, user=request.user, removed=found.user_id)
    messages.success(request, f"{found.user.username} is no member any more; their answers stay.")
    return redirect("annotations:queue-people", pk)


@require_POST
@users_only
def member_pause(request: UserRequest, pk: int, member: int) -> HttpResponse:
    """Pause, or let go on."""
    queue = queue_for(request, pk, Role.LEAD)
    found = get_object_or_404(queue.members.select_related("user", "queue"), pk=member)
    if found.paused_at:
        again = (
            " They answer the screening items again." if monitoring.failed_screening(found) else ""
        )
        monitoring.resume(found, by=request.user)
        messages.success(request, f"{found.user.username} can go on.{again}")
    else:
        monitoring.pause(found, by=request.user)
        messages.success(request, f"{found.user.username} is paused.")
    return redirect("annotations:queue-people", pk)


@require_POST
@users_only
def member_screen(request: UserRequest, pk: int) -> HttpResponse:
    """Ask the screening items of those who came before there were any."""
    queue = queue_for(request, pk, Role.LEAD)
    asked = monitoring.screen_again(queue, by=request.user)
    people = "person is" if asked == 1 else "people are"
    messages.success(request, f"{asked} {people} asked the screening items next.")
    return redirect("annotations:queue-people", pk)
