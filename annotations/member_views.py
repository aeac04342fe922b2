"""Who works in a queue: adding, changing, pausing and resuming people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.rules import UserRequest, users_only
from annotations import gold
from annotations.access import Role
from annotations.leasing import release_all
from annotations.log import log
from annotations.models import Event, QueueMember
from annotations.queue_forms import MemberForm
from annotations.queue_views import queue_for


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
    if gold.failed_screening(found):
        gold.forget_screening(found)
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
        again = " They answer the screening items again." if gold.failed_screening(found) else ""
        gold.resume(found, by=request.user)
        messages.success(request, f"{found.user.username} can go on.{again}")
    else:
        gold.pause(found, by=request.user)
        messages.success(request, f"{found.user.username} is paused.")
    return redirect("annotations:queue-people", pk)


@require_POST
@users_only
def member_screen(request: UserRequest, pk: int) -> HttpResponse:
    """Ask the screening items of those who came before there were any."""
    queue = queue_for(request, pk, Role.LEAD)
    asked = gold.screen_again(queue, by=request.user)
    people = "person is" if asked == 1 else "people are"
    messages.success(request, f"{asked} {people} asked the screening items next.")
    return redirect("annotations:queue-people", pk)
