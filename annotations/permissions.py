"""What a person may do in a queue: the most that their roles in it, its dataset or here give."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.rules import UserRequest
from annotations.errors import NotAMember
from annotations.models import Queue, QueueMember
from traces.models import DatasetMember

Role = QueueMember.Role
# What is allowed grows along the list.
_ROLES = [Role.VIEWER, Role.ANNOTATOR, Role.REVIEWER, Role.LEAD]


def role_in(queue: Queue, user: User) -> str | None:
    """The person's role; null is a stranger's. Two queries, none for a lead of everything."""
    if user.is_lead:
        return Role.LEAD
    roles = set(QueueMember.objects.filter(queue=queue, user=user).values_list("role", flat=True))
    roles |= set(
        DatasetMember.objects.filter(dataset=queue.dataset_id, user=user).values_list(
            "role", flat=True
        )
    )
    if queue.is_for_everyone and not queue.dataset.members_only:
        roles.add(Role.ANNOTATOR)
    return max(roles, key=lambda role: _ROLES.index(Role(role)), default=None)


def may(role: str | None, least: str) -> bool:
    """Whether `role` is `least` or more."""
    return role is not None and _ROLES.index(Role(role)) >= _ROLES.index(Role(least))


def lock_member_of(lease_id: int, user: User) -> QueueMember | None:
    """The person's membership of the queue of their lease, locked as by `lock_member`.

    Null where they have no such lease. One query, its queue with it, for who is a member.
    """
    queue_and_member = QueueMember.objects.select_for_update(of=["self"]).select_related("queue")
    found = queue_and_member.filter(
        user=user, queue__leases=lease_id, queue__leases__annotator=user
    ).first()
    if found and may(found.role, Role.ANNOTATOR):
        found.user = user
        return found
    queue = Queue.objects.filter(leases=lease_id, leases__annotator=user).first()
    return lock_member(queue, user) if queue else None


def lock_member(queue: Queue, user: User) -> QueueMember:
    """The person's membership, locked until the transaction ends; made for who may annotate.

    The lock makes one person's requests take turns: two windows never get two items. Raises
    NotAMember.
    """
    members = QueueMember.objects.select_for_update().filter(queue=queue, user=user)
    found = members.first()
    if found and may(found.role, Role.ANNOTATOR):
        found.queue, found.user = queue, user
        return found
    role = role_in(queue, user)
    if role is None or not may(role, Role.ANNOTATOR):
        raise NotAMember
    if found is None:
        QueueMember.objects.bulk_create(
            [QueueMember(queue=queue, user=user, role=role)], ignore_conflicts=True
        )
    return members.get()


def queue_for(request: UserRequest, pk: int, least: Role) -> Queue:
    """The queue, for who is at least that in it: a stranger's is not there, another's is 403."""
    found = Queue.objects.visible_to(request.user).select_related("dataset", "judge")
    queue = get_object_or_404(found, pk=pk)
    if not may(role_in(queue, request.user), least):
        raise PermissionDenied(f"This page is for the {least.label}s of the queue {queue.name}.")
    return queue
