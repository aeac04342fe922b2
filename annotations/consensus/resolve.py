"""What becomes of an item after an answer: more people, a consensus, a dispute, or out of line.

Everything here is called with the item's row locked and changes it in place; the caller saves.
"""

from collections import Counter
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.consensus.rules import Step, decide
from annotations.counters import count
from annotations.event_log import log
from annotations.models import Event, Item, Lease, Queue
from traces.models import Judge, Verdict

Status = Item.Status
# Which count of a queue an item's status falls to.
_COUNTS = {
    Status.SETTLED: "settled",
    Status.DISPUTED: "disputed",
    Status.DISCARDED: "discarded",
    Status.BAD_PROBLEM: "bad_problems",
}
_EVENTS = {
    Status.OPEN: Event.Kind.REOPENED,
    Status.SETTLED: Event.Kind.SETTLED,
    Status.DISPUTED: Event.Kind.DISPUTED,
    Status.DISCARDED: Event.Kind.DISCARDED,
    Status.BAD_PROBLEM: Event.Kind.BAD_PROBLEM,
}


def answered(item: Item) -> list[Verdict]:
    """What people answered on the item, in the order in which they first did."""
    return _answers(list(_in_slots(item)))


def settle(item: Item, *, by: User | None) -> None:
    """Apply the queue's rule to the item's answers, and save the item."""
    if item.is_gold or _stays_as_it_is(item):
        item.save()
        return
    queue = item.queue
    leases = list(_in_slots(item))
    verdicts = _answers(leases)
    labels = [v.earliest_error for v in verdicts if v.earliest_error is not None]
    asked = max(queue.overlap, len(leases))
    result = decide(labels, queue.rule, asked=asked, at_most=max(asked, queue.max_overlap))
    if result.step is Step.SETTLE and result.label is not None:
        record(item, result.label, verdicts, origin=Verdict.Origin.CONSENSUS)
        move(item, Status.SETTLED, by=by, label=result.label)
    elif result.step is Step.UNRESOLVED:
        withdraw(item)
        left = queue.unresolved == Queue.Unresolved.DISCARD
        move(item, Status.DISCARDED if left else Status.DISPUTED, by=by)
    else:
        if item.status != Status.OPEN:
            withdraw(item)
        if result.step is Step.ASK and not item.free_slots:
            # Slots have no gaps: the next number is theirs to come.
            item.free_slots = [1 + max(lease.slot or 0 for lease in leases)]
        move(item, Status.OPEN, by=by)


def _stays_as_it_is(item: Item) -> bool:
    """Whether no answer changes the item any more: somebody decided on it or took it out of the
    line, its trace was cut anew, or its problem is bad."""
    if item.status == Status.DISCARDED:
        by_rule = item.queue.unresolved == Queue.Unresolved.DISCARD
        return not (by_rule and item.trace.is_current_segmentation)
    if item.status == Status.BAD_PROBLEM:
        return True
    return item.status != Status.OPEN and item.decisions.exists()


def _in_slots(item: Item) -> QuerySet[Lease]:
    """The leases that take one of the item's slots: held or submitted."""
    leases = Lease.objects.filter(item=item, slot__isnull=False).select_related("verdict")
    return leases.order_by("ended_at", "pk")


def _answers(leases: list[Lease]) -> list[Verdict]:
    said = [lease.verdict for lease in leases if lease.verdict and not lease.is_held]
    return [verdict for verdict in said if verdict.withdrawn_at is None]


def move(item: Item, status: str, *, by: User | None, **details: int | str) -> None:
    """Give the item another status, count it, write it down, and save the item."""
    before = item.status
    if status != before:
        item.status = status
        item.settled_at = timezone.now() if status == Status.SETTLED else None
        changes: Counter[str] = Counter()
        changes.update({_COUNTS[Status(status)]: 1} if status in _COUNTS else {})
        changes.subtract({_COUNTS[Status(before)]: 1} if before in _COUNTS else {})
        count(item.queue, by.pk if by else 0, **changes)
        log(item.queue, _EVENTS[Status(status)], item=item, user=by, **details)
    item.save()


def consensus_judge(queue: Queue) -> Judge:
    """What the queue's consensus is written under; made for its first settled item."""
    if queue.judge is None:
        judge, _ = Judge.objects.get_or_create(
            kind=Judge.Kind.CONSENSUS,
            name=f"{queue.dataset.name}/{queue.name}",
            revision=f"queue {queue.pk}",
        )
        Queue.objects.filter(pk=queue.pk).update(judge=judge)
        queue.judge = judge
    return queue.judge


def record(
    item: Item,
    label: int,
    verdicts: Sequence[Verdict],
    *,
    origin: str,
    reason: str = "",
    error_type: str = "",
    correction: str = "",
) -> Verdict:
    """Write the consensus on the item's trace: a new revision where it says something new.

    Reason, type of error and correction are those given, else of those who named the same step.
    """
    trace, judge = item.trace, consensus_judge(item.queue)
    agreeing = [v for v in verdicts if v.earliest_error == label]
    fields = {
        "earliest_error": label,
        "error_type": error_type or _most_named([v.error_type for v in agreeing]),
        "severity": _most_named([v.severity for v in agreeing]),
        "correction": correction or next((v.correction for v in agreeing if v.correction), ""),
        "step_labels": _step_labels(agreeing),
        "explanation": reason or next((v.explanation for v in agreeing if v.explanation), ""),
        "origin": origin,
        "confidence": len(agreeing) / len(verdicts) if verdicts else None,
    }
    current = Verdict.objects.current().filter(judge=judge, trace=trace).first()
    if current and all(getattr(current, name) == value for name, value in fields.items()):
        return current
    Verdict.objects.current().filter(judge=judge, trace=trace).update(is_current=False)
    newest = Verdict.objects.filter(judge=judge, trace=trace).order_by("-revision").first()
    return Verdict.objects.create(
        trace=trace,
        step_count=trace.step_count,
        judge=judge,
        revision=newest.revision + 1 if newest else 1,
        origin_id=item.queue_id,
        inclusion_probability=item.inclusion_probability,
        **fields,
    )


def withdraw(item: Item) -> None:
    """There is no consensus on the item, or no longer one."""
    if item.queue.judge_id:
        Verdict.objects.current().filter(
            judge=item.queue.judge_id, trace=item.trace_id, origin_id=item.queue_id
        ).update(is_current=False)


def _most_named(values: list[str]) -> str:
    """The value named most often, the earliest of several; empty where none is named."""
    named = Counter(value for value in values if value)
    return named.most_common(1)[0][0] if named else ""


def _step_labels(verdicts: list[Verdict]) -> list[int | None] | None:
    """For each step the label of more than half of those who labelled every step, else null."""
    labelled = [v.step_labels for v in verdicts if v.step_labels]
    if not labelled:
        return None
    merged: list[int | None] = []
    for of_step in zip(*labelled, strict=True):
        label, votes = Counter(of_step).most_common(1)[0]
        merged.append(label if 2 * votes > len(of_step) else None)
    return merged
