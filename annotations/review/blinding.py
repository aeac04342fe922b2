"""Verdicts hidden from people who may still have to review their trace."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from annotations.models import Item, Lease, Queue, QueueMember
from traces.models import Judge


def still_to_review(user: User) -> Q:
    """Return a Q for verdicts whose trace may still be assigned to `user` in an open queue.

    Only annotators are restricted: reviewers and leads of a queue resolve its disputes. Models'
    verdicts are visible once the person's review page has shown them.
    """
    annotates = QueueMember.objects.filter(
        queue=OuterRef("queue"), user=user, role=QueueMember.Role.ANNOTATOR
    )
    leases = Lease.objects.filter(annotator=user)
    answered = leases.filter(item=OuterRef("pk"), state=Lease.State.SUBMITTED)
    may_come = Q(status=Item.Status.OPEN) | ~Q(purpose=Item.Purpose.WORK)
    items = Item.objects.filter(may_come, Exists(annotates), ~Exists(answered))
    pending = items.filter(trace=OuterRef("trace")).exclude(queue__status=Queue.Status.CLOSED)
    shown = leases.filter(item__trace=OuterRef("trace"), shown_at__isnull=False)
    return Q(Exists(pending)) & ~(Q(judge__kind=Judge.Kind.MODEL) & Q(Exists(shown)))
