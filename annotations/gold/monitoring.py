"""Scores on gold items, and the pause of people who fail screening or drift."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.activity import log_event
from annotations.leases.lifecycle import SCREENING_FAILED, release_all
from annotations.leases.screening import screening_of
from annotations.models import Event, Item, Lease, Queue, QueueMember

# Fewer gold answers than this show no drift.
DRIFT_FROM = 5


@dataclass(frozen=True, slots=True)
class Score:
    """A person's answers to gold items."""

    correct: int
    answered: int

    @property
    def share(self) -> float | None:
        return self.correct / self.answered if self.answered else None


def score(
    queue: Queue, user: User, *, last: int | None = None, since: datetime | None = None
) -> Score:
    """Return the person's score on the queue's gold items, or on the `last` of them. One query."""
    answers = Lease.objects.filter(
        queue=queue,
        annotator=user,
        gold_correct__isnull=False,
        item__purpose=Item.Purpose.GOLD,
    ).order_by("-ended_at")
    if since:
        answers = answers.filter(ended_at__gt=since)
    correct = list(answers.values_list("gold_correct", flat=True)[:last])
    return Score(correct.count(True), len(correct))


def failed_screening(member: QueueMember) -> bool:
    return member.paused_at is not None and member.pause_reason == SCREENING_FAILED


def resume(member: QueueMember, *, by: User) -> None:
    """Resume a paused person; one who failed the screening answers its items again.

    Earlier answers no longer count for drift: else the next wrong one would pause them again.
    """
    with transaction.atomic():
        if failed_screening(member):
            forget_screening(member)
        member.paused_at, member.pause_reason = None, ""
        member.resumed_at = timezone.now()
        member.save(update_fields=["paused_at", "pause_reason", "resumed_at"])
        log_event(member.queue, Event.Kind.MEMBER, user=by, resumed=member.user_id)


def forget_screening(member: QueueMember) -> None:
    """Delete the person's screening answers, so that they answer these items again."""
    Lease.objects.filter(
        queue=member.queue, annotator=member.user, item__purpose=Item.Purpose.SCREENING
    ).delete()


def never_screened(queue: Queue) -> QuerySet[QueueMember]:
    """Return the members who passed before the queue had any screening item."""
    screening = Item.objects.filter(queue=queue, purpose=Item.Purpose.SCREENING)
    members = QueueMember.objects.filter(Exists(screening), queue=queue, screened_at__isnull=False)
    return members.exclude(user__leases__in=Lease.objects.filter(item__in=screening))


def screen_again(queue: Queue, *, by: User) -> int:
    """Let the members who were never screened answer the screening items. Return how many."""
    with transaction.atomic():
        count = never_screened(queue).update(screened_at=None)
        log_event(queue, Event.Kind.MEMBER, user=by, screened_again=count)
    return count


def pause(member: QueueMember, reason: str = "", *, by: User | None = None) -> None:
    """Pause the person in this queue and release what they hold."""
    member.paused_at, member.pause_reason = timezone.now(), reason
    member.save(update_fields=["paused_at", "pause_reason"])
    release_all(member.queue, member.user)
    log_event(member.queue, Event.Kind.PAUSED, user=by, paused=member.user_id, reason=reason)


def check_screening(queue: Queue, member: QueueMember) -> None:
    """Pass the member once all screening items are answered, or pause them."""
    result = screening_of(queue, member.user)
    if not result.is_complete:
        return
    passed = result.passes(queue)
    log_event(
        queue,
        Event.Kind.SCREENED,
        user=member.user,
        correct=result.correct,
        of=result.answered,
        passed=passed,
    )
    if passed:
        member.screened_at = timezone.now()
        member.save(update_fields=["screened_at"])
    else:
        pause(member, SCREENING_FAILED)


def watch_drift(queue: Queue, member: QueueMember) -> None:
    """Pause a person whose accuracy on their last gold items is below the queue's bound."""
    if not queue.drift_bound:
        return
    recent = score(queue, member.user, last=queue.drift_window, since=member.resumed_at)
    enough = recent.answered >= min(DRIFT_FROM, queue.drift_window)
    if enough and recent.correct < queue.drift_bound * recent.answered:
        answers = "answer" if recent.answered == 1 else f"{recent.answered} answers"
        pause(
            member,
            f"{recent.correct} of the last {answers} to gold items "
            f"{'was' if recent.correct == 1 else 'were'} correct.",
        )
