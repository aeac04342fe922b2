"""Resolution of an item after an answer: one more reviewer, a consensus, a dispute, or its end.

`decide` is the rule itself, a pure function of the labels. Everything else is called with the
item's row locked, changes the item in place and saves it. A label is the 0-based index of the first
wrong step, -1 for none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.activity import increment, log_event
from annotations.models import Event, Item, Lease, Queue
from traces.models import Judge, Verdict

Rule = Queue.Rule
Status = Item.Status
# ProcessBench (arXiv 2412.06559, section 3.2): three experts must name the same step.
PROCESSBENCH_AGREE = 3
# The queue's counter for each status of an item.
_COUNTERS = {
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


class Step(Enum):
    """What the rule asks for next."""

    WAIT = "wait"  # for the assigned reviewers
    ASK = "ask"  # one more reviewer
    SETTLE = "settle"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Result:
    """The next step, and the label when it is a consensus."""

    step: Step
    label: int | None = None


def decide(labels: Sequence[int], rule: str, *, assigned: int, at_most: int) -> Result:
    """Return the next step after `labels`, in their order, of `assigned` and `at_most` reviewers.

    single: the first label, once all assigned have answered (the others measure agreement).
    majority: a label of more than half; else one more reviewer while there may be one.
    unanimity: one label of all; nobody more could bring it about.
    processbench: a label of three; one more reviewer while three can still agree. Of six or more
    reviewers three may name one step and three another: that is no agreement.
    """
    if len(labels) < assigned:
        return Result(Step.WAIT)
    (label, votes), *others = Counter(labels).most_common(2)
    is_tied = any(other == votes for _, other in others)
    remaining = at_most - len(labels)
    if rule == Rule.SINGLE:
        return Result(Step.SETTLE, labels[0])
    if rule == Rule.UNANIMITY:
        return _settled_if(votes == len(labels), label)
    if rule == Rule.MAJORITY:
        if 2 * votes <= len(labels) and remaining > 0:
            return Result(Step.ASK)
        return _settled_if(2 * votes > len(labels), label)
    agreed = votes >= PROCESSBENCH_AGREE and not is_tied
    if not agreed and remaining > 0 and votes + remaining >= PROCESSBENCH_AGREE:
        return Result(Step.ASK)
    return _settled_if(agreed, label)


def _settled_if(agreed: bool, label: int) -> Result:
    return Result(Step.SETTLE, label) if agreed else Result(Step.UNRESOLVED)


def verdicts_on(item: Item) -> list[Verdict]:
    """Return the reviewers' current verdicts on the item, in the order of their first submits."""
    return _submitted(list(_leases_in_slots(item)))


def resolve_item(item: Item, *, by: User | None) -> None:
    """Apply the queue's rule to the item's answers, and save the item."""
    if item.is_gold or _is_final(item):
        item.save()
        return
    queue = item.queue
    leases = list(_leases_in_slots(item))
    verdicts = _submitted(leases)
    labels = [v.earliest_error for v in verdicts if v.earliest_error is not None]
    assigned = max(queue.overlap, len(leases))
    result = decide(labels, queue.rule, assigned=assigned, at_most=max(assigned, queue.max_overlap))
    if result.step is Step.SETTLE and result.label is not None:
        record_consensus(item, result.label, verdicts, origin=Verdict.Origin.CONSENSUS)
        set_status(item, Status.SETTLED, by=by, label=result.label)
    elif result.step is Step.UNRESOLVED:
        withdraw_consensus(item)
        set_status(item, unresolved_status(queue), by=by)
    else:
        if item.status != Status.OPEN:
            withdraw_consensus(item)
        if result.step is Step.ASK and not item.free_slots:
            # Slots are numbered without gaps: the new one follows the last.
            item.free_slots = [1 + max(lease.slot or 0 for lease in leases)]
        set_status(item, Status.OPEN, by=by)


def unresolved_status(queue: Queue) -> str:
    """Return the status of the queue's items that end without a consensus."""
    is_discarded = queue.unresolved == Queue.Unresolved.DISCARD
    return Status.DISCARDED if is_discarded else Status.DISPUTED


def _is_final(item: Item) -> bool:
    """Return whether no answer changes the item any more.

    A reviewer decided or discarded it, its trace was split into other steps, or its problem is bad.
    """
    if item.status == Status.DISCARDED:
        by_rule = item.queue.unresolved == Queue.Unresolved.DISCARD
        return not (by_rule and item.trace.is_current_segmentation)
    if item.status == Status.BAD_PROBLEM:
        return True
    return item.status != Status.OPEN and item.decisions.exists()


def _leases_in_slots(item: Item) -> QuerySet[Lease]:
    """Return the leases that have one of the item's slots: held or submitted."""
    leases = Lease.objects.filter(item=item, slot__isnull=False).select_related("verdict")
    return leases.order_by("ended_at", "pk")


def _submitted(leases: list[Lease]) -> list[Verdict]:
    verdicts = [lease.verdict for lease in leases if lease.verdict and not lease.is_held]
    return [verdict for verdict in verdicts if verdict.withdrawn_at is None]


def set_status(item: Item, status: str, *, by: User | None, **details: int | str) -> None:
    """Change the item's status, count and log the change, and save the item."""
    before = item.status
    if status != before:
        item.status = status
        item.settled_at = timezone.now() if status == Status.SETTLED else None
        changes: Counter[str] = Counter()
        changes.update({_COUNTERS[Status(status)]: 1} if status in _COUNTERS else {})
        changes.subtract({_COUNTERS[Status(before)]: 1} if before in _COUNTERS else {})
        increment(item.queue, by.pk if by else 0, **changes)
        log_event(item.queue, _EVENTS[Status(status)], item=item, user=by, **details)
    item.save()


def consensus_judge(queue: Queue) -> Judge:
    """Return the judge of the queue's consensus verdicts, created for its first settled item."""
    if queue.judge is None:
        judge, _ = Judge.objects.get_or_create(
            kind=Judge.Kind.CONSENSUS,
            name=f"{queue.dataset.name}/{queue.name}",
            revision=f"queue {queue.pk}",
        )
        Queue.objects.filter(pk=queue.pk).update(judge=judge)
        queue.judge = judge
    return queue.judge


def record_consensus(
    item: Item,
    label: int,
    verdicts: Sequence[Verdict],
    *,
    origin: str,
    reason: str = "",
    error_type: str = "",
    correction: str = "",
) -> Verdict:
    """Return the consensus on the item's trace, written as a new revision where it differs.

    Reason, error type and correction that are not given come from verdicts with the same label.
    """
    trace, judge = item.trace, consensus_judge(item.queue)
    agreeing = [v for v in verdicts if v.earliest_error == label]
    fields = {
        "earliest_error": label,
        "error_type": error_type or _most_frequent([v.error_type for v in agreeing]),
        "severity": _most_frequent([v.severity for v in agreeing]),
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


def withdraw_consensus(item: Item) -> None:
    """Withdraw the consensus on the item, if there is one."""
    if item.queue.judge_id:
        Verdict.objects.current().filter(
            judge=item.queue.judge_id, trace=item.trace_id, origin_id=item.queue_id
        ).update(is_current=False)


def _most_frequent(values: list[str]) -> str:
    """Return the most frequent value, the earliest of several; empty when all are empty."""
    counts = Counter(value for value in values if value)
    return counts.most_common(1)[0][0] if counts else ""


def _step_labels(verdicts: list[Verdict]) -> list[int | None] | None:
    """Return for each step the label of more than half of the verdicts with labels, else null."""
    labelled = [v.step_labels for v in verdicts if v.step_labels]
    if not labelled:
        return None
    merged: list[int | None] = []
    for of_step in zip(*labelled, strict=True):
        label, votes = Counter(of_step).most_common(1)[0]
        merged.append(label if 2 * votes > len(of_step) else None)
    return merged
