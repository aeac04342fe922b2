"""Who must not look up what others said of a trace, because they are still to review it."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from annotations.models import Item, Lease, Queue, QueueMember
from traces.models import Judge


def still_to_review(user: User) -> Q:
    """Of a verdict: its trace may yet come to `user`, an annotator of a queue that is not closed.

    What models said is theirs to read once their review page has shown it. Reviewers and leads of a
    queue are kept from nothing: they settle what people disagree on.
    """
    annotates = QueueMember.objects.filter(
        queue=OuterRef("queue"), user=user, role=QueueMember.Role.ANNOTATOR
    )
    leases = Lease.objects.filter(annotator=user)
    answered = leases.filter(item=OuterRef("pk"), state=Lease.State.SUBMITTED)
    may_come = Q(status=Item.Status.OPEN) | ~Q(purpose=Item.Purpose.WORK)
    items = Item.objects.filter(may_come, Exists(annotates), ~Exists(answered))
    waiting = items.filter(trace=OuterRef("trace")).exclude(queue__status=Queue.Status.CLOSED)
    shown = leases.filter(item__trace=OuterRef("trace"), shown_at__isnull=False)
    return Q(Exists(waiting)) & ~(Q(judge__kind=Judge.Kind.MODEL) & Q(Exists(shown)))
