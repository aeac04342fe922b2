"""Score people on gold items; pause those who fail screening or drift."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.event_log import log
from annotations.leases.lifecycle import SCREENING_FAILED, release_all
from annotations.leases.screening import screening_of
from annotations.models import Event, Item, Lease, Queue, QueueMember

# Fewer answers to gold than this say nothing of a drift.
DRIFT_FROM = 5


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


def check_screening(queue: Queue, member: QueueMember) -> None:
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


def watch_drift(queue: Queue, member: QueueMember) -> None:
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
