"""Replacement of items whose trace was split into other steps by the newest version."""

from django.db import transaction

from annotations.activity import increment, log_event
from annotations.consensus.resolve import set_status
from annotations.models import Event, Item, Lease
from traces.models import Trace

AT_ONCE = 500


def sync_recuts() -> int:
    """Replace the open items of older versions that nobody holds. Return how many.

    Submitted reviews stay with the old version.
    """
    stale = (
        Item.objects.filter(
            status=Item.Status.OPEN, purpose=Item.Purpose.WORK, trace__is_current_segmentation=False
        )
        .exclude(leases__state=Lease.State.HELD)
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    return sum(_replace(item) for item in list(stale))


def newest_cut(trace: Trace) -> Trace:
    """Return the newest version of the trace. A query for each version in between."""
    while not trace.is_current_segmentation:
        trace = Trace.objects.get(resegmented_from=trace)
    return trace


@transaction.atomic
def _replace(item_id: int) -> bool:
    item = (
        Item.objects.select_for_update(of=["self"])
        .select_related("queue__dataset", "trace")
        .get(pk=item_id)
    )
    if item.status != Item.Status.OPEN or item.leases.filter(state=Lease.State.HELD).exists():
        return False
    trace = newest_cut(item.trace)
    _, is_new = Item.objects.get_or_create(
        queue=item.queue,
        trace=trace,
        defaults={
            "priority": item.priority,
            "is_random": item.is_random,
            "inclusion_probability": item.inclusion_probability,
            "free_slots": list(range(item.queue.overlap)),
        },
    )
    item.free_slots = []
    set_status(item, Item.Status.DISCARDED, by=None, resegmented_as=trace.external_id)
    if is_new:
        increment(item.queue, 0, items=1)
        log_event(item.queue, Event.Kind.FILLED, items=1, instead_of=item.pk)
    return True
