"""Removal of withdrawn answers from their items, whose consensus is resolved again."""

from django.db import transaction

from annotations.activity import increment, log_event
from annotations.consensus.resolve import resolve_item
from annotations.models import Event, Item, Lease
from annotations.queues.sync_recuts import newest_cut
from database.retry import retry_on_deadlock
from traces.models import Verdict

AT_ONCE = 500


def sync_withdrawals() -> int:
    """Remove withdrawn answers from their items. Return how many.

    The slot goes to another person when the queue's rule still needs an answer; until then there is
    no consensus unless the other answers make one. A reviewer's decision is kept. The item is not
    assigned to the same person again.
    """
    withdrawn = Lease.objects.filter(
        state=Lease.State.SUBMITTED, slot__isnull=False, verdict__withdrawn_at__isnull=False
    )
    return sum(_remove(lease) for lease in list(withdrawn.values_list("pk", flat=True)[:AT_ONCE]))


@retry_on_deadlock
def _remove(lease_id: int) -> bool:
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
        increment(item.queue, lease.annotator_id, answers=-1)
        log_event(item.queue, Event.Kind.WITHDRAWN, item=item, lease=lease.pk, verdict=verdict.pk)
        resolve_item(item, by=None)
        _withdraw_carried(item)
    return True


def _withdraw_carried(item: Item) -> None:
    """Withdraw the consensus that was carried to a newer version from a withdrawn one."""
    queue, trace = item.queue, item.trace
    if queue.judge_id is None or trace.is_current_segmentation:
        return
    consensus = Verdict.objects.current().filter(judge=queue.judge_id)
    if not consensus.filter(trace=trace).exists():
        carried = consensus.filter(trace=newest_cut(trace), origin=Verdict.Origin.RESEGMENTATION)
        carried.update(is_current=False)
