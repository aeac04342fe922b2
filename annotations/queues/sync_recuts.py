"""Items whose trace was cut into other steps: the newest cut takes their place."""

from django.db import transaction

from annotations.consensus.resolve import move
from annotations.counters import count
from annotations.event_log import log
from annotations.models import Event, Item, Lease
from traces.models import Trace

AT_ONCE = 500


def follow_recuts() -> int:
    """Put the newest cut in the line instead of each item of an older one that nobody holds; how
    many items it were. Answers that were given stay with the old cut."""
    stale = (
        Item.objects.filter(
            status=Item.Status.OPEN, purpose=Item.Purpose.WORK, trace__is_current_segmentation=False
        )
        .exclude(leases__state=Lease.State.HELD)
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    return sum(_replace(item) for item in list(stale))


def newest_cut(trace: Trace) -> Trace:
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
    move(item, Item.Status.DISCARDED, by=None, cut_anew_as=trace.external_id)
    if is_new:
        count(item.queue, 0, items=1)
        log(item.queue, Event.Kind.FILLED, items=1, instead_of=item.pk)
    return True
