"""What a person may do in a queue: the highest of their roles in it, its dataset and the site."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.rules import UserRequest
from annotations.errors import NotAMember
from annotations.models import Queue, QueueMember
from traces.models import DatasetMember

Role = QueueMember.Role
# Each role may do what the roles before it may.
_ROLES = [Role.VIEWER, Role.ANNOTATOR, Role.REVIEWER, Role.LEAD]


def role_in(queue: Queue, user: User) -> str | None:
    """Return the person's role, null for a stranger. Two queries, none for the site's leads."""
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


def has_role(role: str | None, least: str) -> bool:
    """Return whether `role` is `least` or higher."""
    return role is not None and _ROLES.index(Role(role)) >= _ROLES.index(Role(least))


def lock_member_for_lease(lease_id: int, user: User) -> QueueMember | None:
    """Return the person's membership of their lease's queue, locked as by `lock_member`.

    Null when they have no such lease. One query for a member, the queue included.
    """
    members = QueueMember.objects.select_for_update(of=["self"]).select_related("queue")
    member = members.filter(
        user=user, queue__leases=lease_id, queue__leases__annotator=user
    ).first()
    if member and has_role(member.role, Role.ANNOTATOR):
        member.user = user
        return member
    queue = Queue.objects.filter(leases=lease_id, leases__annotator=user).first()
    return lock_member(queue, user) if queue else None


def lock_member(queue: Queue, user: User) -> QueueMember:
    """Return the person's membership, locked until the transaction ends; made when they may join.

    The lock makes one person's requests take turns: two windows never get two items. Raises
    NotAMember.
    """
    members = QueueMember.objects.select_for_update().filter(queue=queue, user=user)
    member = members.first()
    if member and has_role(member.role, Role.ANNOTATOR):
        member.queue, member.user = queue, user
        return member
    role = role_in(queue, user)
    if role is None or not has_role(role, Role.ANNOTATOR):
        raise NotAMember
    if member is None:
        QueueMember.objects.bulk_create(
            [QueueMember(queue=queue, user=user, role=role)], ignore_conflicts=True
        )
    return members.get()


def queue_for(request: UserRequest, pk: int, least: Role) -> Queue:
    """Return the queue for a person of that role or higher.

    Raises Http404 for a queue that they can't see, and PermissionDenied for a lower role.
    """
    queues = Queue.objects.visible_to(request.user).select_related("dataset", "judge")
    queue = get_object_or_404(queues, pk=pk)
    if not has_role(role_in(queue, request.user), least):
        raise PermissionDenied(f"Only {least.label}s of the queue {queue.name} can open this page.")
    return queue
