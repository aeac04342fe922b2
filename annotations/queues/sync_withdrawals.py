"""Answers that a lead has withdrawn: they leave their item, whose consensus is settled anew."""

from django.db import transaction

from annotations.consensus.resolve import settle
from annotations.counters import count
from annotations.deadlocks import outlasting_deadlocks
from annotations.event_log import log
from annotations.models import Event, Item, Lease
from annotations.queues.sync_recuts import newest_cut
from traces.models import Verdict

AT_ONCE = 500


def follow_withdrawals() -> int:
    """Take withdrawn answers out of their items; how many it were.

    The place goes to somebody else, as far as the queue's rule still asks for one: until then there
    is no consensus, where the other answers don't make one by themselves. What a reviewer decided
    stands. The person is not asked again.
    """
    withdrawn = Lease.objects.filter(
        state=Lease.State.SUBMITTED, slot__isnull=False, verdict__withdrawn_at__isnull=False
    )
    return sum(_take_out(lease) for lease in list(withdrawn.values_list("pk", flat=True)[:AT_ONCE]))


@outlasting_deadlocks
def _take_out(lease_id: int) -> bool:
    with transaction.atomic():
        leases = Lease.objects.select_for_update(of=["self"]).select_related("queue", "verdict")
        lease = leases.get(pk=lease_id)
        verdict, slot = lease.verdict, lease.slot
        if slot is None or verdict is None or verdict.withdrawn_at is None:
            return False
        items = Item.objects.select_for_update(of=["self"]).select_related("trace")
        item = items.get(pk=lease.item_id)
        item.queue = lease.queue
        item.answers -= 1
        item.free_slots = [*item.free_slots, slot]
        lease.slot = None
        lease.save(update_fields=["slot"])
        count(item.queue, lease.annotator_id, answers=-1)
        log(item.queue, Event.Kind.WITHDRAWN, item=item, lease=lease.pk, verdict=verdict.pk)
        settle(item, by=None)
        _withdraw_carried(item)
    return True


def _withdraw_carried(item: Item) -> None:
    """A consensus that came along to a newer cut goes with the one that it is of."""
    queue, trace = item.queue, item.trace
    if queue.judge_id is None or trace.is_current_segmentation:
        return
    consensus = Verdict.objects.current().filter(judge=queue.judge_id)
    if not consensus.filter(trace=trace).exists():
        carried = consensus.filter(trace=newest_cut(trace), origin=Verdict.Origin.RESEGMENTATION)
        carried.update(is_current=False)
