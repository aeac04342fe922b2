"""Items whose answer is known: mixed in among the others, and asked of newcomers first."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from annotations.leasing import SCREENING_FAILED, release_all
from annotations.log import log
from annotations.models import Event, Item, Lease, Queue, QueueMember, Submission
from annotations.refusals import ReviewRefused
from annotations.screening import screening_of
from annotations.tallies import count
from traces.models import Trace

# Fewer answers to gold than this say nothing of a drift.
DRIFT_FROM = 5


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to tell a person of their answer to a gold item. Labels are 0-based, -1 no error."""

    correct: bool
    label: int
    words: str


def add_gold(
    queue: Queue,
    trace: Trace,
    label: int,
    *,
    feedback: str = "",
    screening: bool = False,
    by: User | None = None,
) -> Item:
    """Make the trace a gold item of the queue, or one of its screening items.

    Raises ReviewRefused for a label that the trace can't have, and for an item that people are at
    work on.
    """
    if not -1 <= label < trace.step_count:
        raise ReviewRefused(
            f"{label} is no step of this trace: write -1 for no error, or 0 to"
            f" {trace.step_count - 1}."
        )
    purpose = Item.Purpose.SCREENING if screening else Item.Purpose.GOLD
    with transaction.atomic():
        item, is_new = Item.objects.select_for_update().get_or_create(
            queue=queue, trace=trace, defaults={"purpose": purpose, "gold_label": label}
        )
        if not is_new and item.status == Item.Status.OPEN and not item.is_gold and item.people:
            raise ReviewRefused(
                "People are at work on this trace; it can become gold once it is settled."
            )
        was_work = not is_new and not item.is_gold
        is_corrected = not is_new and item.is_gold and item.gold_label != label
        item.purpose, item.gold_label, item.gold_feedback = purpose, label, feedback
        item.free_slots = []
        item.save()
        if was_work and item.status == Item.Status.OPEN:
            count(queue, 0, items=-1)
        if is_corrected:
            _judge_again(item)
        log(queue, Event.Kind.GOLD, item=item, user=by, label=label, purpose=purpose)
    return item


def _judge_again(item: Item) -> None:
    """By the label as it is now, what each person said first; nobody is paused or let go by it."""
    first = Submission.objects.filter(lease=OuterRef("pk")).order_by("submitted_at")
    judged = Lease.objects.filter(item=item, gold_correct__isnull=False)
    leases = list(judged.annotate(said=Subquery(first.values("verdict__earliest_error")[:1])))
    for lease in leases:
        lease.gold_correct = lease.said == item.gold_label
    Lease.objects.bulk_update(leases, ["gold_correct"])


def feedback(lease: Lease) -> Feedback | None:
    """What to say at once: on gold where the queue says so, never on screening items."""
    item = lease.item
    if lease.gold_correct is None or item.purpose != Item.Purpose.GOLD or item.gold_label is None:
        return None
    if not lease.queue.gold_feedback:
        return None
    return Feedback(lease.gold_correct, item.gold_label, item.gold_feedback)


def judge(lease: Lease, item: Item, member: QueueMember, label: int | None) -> None:
    """Hold an answer to a known item against it; then see how the person is doing.

    A skip or a give-up is no right answer. Called with the lease and the member locked.
    """
    lease.gold_correct = label == item.gold_label
    lease.save(update_fields=["gold_correct"])
    if item.purpose == Item.Purpose.SCREENING:
        _screen(lease.queue, member)
    else:
        _watch(lease.queue, member)


@dataclass(frozen=True, slots=True)
class Score:
    correct: int
    answered: int

    @property
    def share(self) -> float | None:
        return self.correct / self.answered if self.answered else None


def score(
    queue: Queue, user: User, *, last: int | None = None, since: datetime | None = None
) -> Score:
    """The person's answers to the queue's gold items, or the `last` of them. One query."""
    answers = Lease.objects.filter(
        queue=queue,
        annotator=user,
        gold_correct__isnull=False,
        item__purpose=Item.Purpose.GOLD,
    ).order_by("-ended_at")
    if since:
        answers = answers.filter(ended_at__gt=since)
    found = list(answers.values_list("gold_correct", flat=True)[:last])
    return Score(found.count(True), len(found))


def failed_screening(member: QueueMember) -> bool:
    return member.paused_at is not None and member.pause_reason == SCREENING_FAILED


def resume(member: QueueMember, *, by: User) -> None:
    """Let a paused person go on; one who failed the screening answers those items again.

    A drift is counted anew from here: else the next wrong answer would pause them again.
    """
    with transaction.atomic():
        if failed_screening(member):
            forget_screening(member)
        member.paused_at, member.pause_reason = None, ""
        member.resumed_at = timezone.now()
        member.save(update_fields=["paused_at", "pause_reason", "resumed_at"])
        log(member.queue, Event.Kind.MEMBER, user=by, resumed=member.user_id)


def forget_screening(member: QueueMember) -> None:
    """The person answers the screening items again, should they come back."""
    Lease.objects.filter(
        queue=member.queue, annotator=member.user, item__purpose=Item.Purpose.SCREENING
    ).delete()


def never_screened(queue: Queue) -> QuerySet[QueueMember]:
    """Who passed while the queue had no screening items, now that it has some."""
    screening = Item.objects.filter(queue=queue, purpose=Item.Purpose.SCREENING)
    members = QueueMember.objects.filter(Exists(screening), queue=queue, screened_at__isnull=False)
    return members.exclude(user__leases__in=Lease.objects.filter(item__in=screening))


def screen_again(queue: Queue, *, by: User) -> int:
    """Have those who were never screened answer the screening items; how many people."""
    with transaction.atomic():
        asked = never_screened(queue).update(screened_at=None)
        log(queue, Event.Kind.MEMBER, user=by, screened_again=asked)
    return asked


def pause(member: QueueMember, reason: str = "", *, by: User | None = None) -> None:
    """Give the person nothing more in this queue, and take back what they hold."""
    member.paused_at, member.pause_reason = timezone.now(), reason
    member.save(update_fields=["paused_at", "pause_reason"])
    release_all(member.queue, member.user)
    log(member.queue, Event.Kind.PAUSED, user=by, paused=member.user_id, reason=reason)


def _screen(queue: Queue, member: QueueMember) -> None:
    """Once all screening items are answered: passed, or paused."""
    found = screening_of(queue, member.user)
    if not found.is_through:
        return
    passed = found.passes(queue)
    log(
        queue,
        Event.Kind.SCREENED,
        user=member.user,
        correct=found.correct,
        of=found.answered,
        passed=passed,
    )
    if passed:
        member.screened_at = timezone.now()
        member.save(update_fields=["screened_at"])
    else:
        pause(member, SCREENING_FAILED)


def _watch(queue: Queue, member: QueueMember) -> None:
    """Pause a person whose last answers to gold fall below the queue's bound."""
    if not queue.drift_bound:
        return
    recent = score(queue, member.user, last=queue.drift_window, since=member.resumed_at)
    enough = recent.answered >= min(DRIFT_FROM, queue.drift_window)
    if enough and recent.correct < queue.drift_bound * recent.answered:
        answers = "answer" if recent.answered == 1 else f"{recent.answered} answers"
        pause(
            member,
            f"Of the last {answers} to traces with a known answer {recent.correct}"
            f" {'was' if recent.correct == 1 else 'were'} right.",
        )
