"""Statistics of a queue's members: answers, pace, and accuracy on gold items."""

from dataclasses import dataclass, field

from django.db import connection

from annotations.gold.monitoring import failed_screening
from annotations.models import Queue, QueueMember
from metrics.stats.wilson import Rate, wilson_rate

# Traces by their number of steps; the last band is open.
LENGTHS = ((1, 5), (6, 10), (11, 20), (21, None))

_WORK = """
SELECT lease.annotator_id,
       count(*) FILTER (WHERE lease.state = 'submitted'),
       count(*) FILTER (WHERE lease.state IN ('skipped', 'gave_up', 'unsure', 'bad_problem')),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY verdict.seconds_spent),
       count(*) FILTER (WHERE lease.is_blind AND lease.state = 'submitted'),
       max(lease.ended_at),
       __BANDS__
FROM annotations_lease AS lease
LEFT JOIN traces_verdict AS verdict ON verdict.id = lease.verdict_id
WHERE lease.queue_id = %(queue)s AND lease.ended_at IS NOT NULL
GROUP BY lease.annotator_id
"""
_BAND = """percentile_cont(0.5) WITHIN GROUP (ORDER BY verdict.seconds_spent)
       FILTER (WHERE verdict.step_count >= {low}{high})"""

# Each person's answers to gold items: how many of all and of the last ones were right.
_GOLD = """
SELECT annotator_id,
       count(*) FILTER (WHERE gold_correct), count(*),
       count(*) FILTER (WHERE gold_correct AND place <= %(window)s),
       count(*) FILTER (WHERE place <= %(window)s)
FROM (
    SELECT lease.annotator_id, lease.gold_correct,
           row_number() OVER (PARTITION BY lease.annotator_id ORDER BY lease.ended_at DESC) AS place
    FROM annotations_lease AS lease
    JOIN annotations_item AS item ON item.id = lease.item_id AND item.purpose = 'gold'
    WHERE lease.queue_id = %(queue)s AND lease.gold_correct IS NOT NULL
) AS answer
GROUP BY annotator_id
"""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with their statistics. Seconds are medians, `by_length` one for each band."""

    member: QueueMember
    answers: int
    without: int  # ended without a review: skipped, unsure, too hard, bad problem
    seconds: float | None
    blind: int
    last: object | None
    by_length: list[float | None] = field(default_factory=list)
    gold: Rate = field(default_factory=lambda: wilson_rate(0, 0))
    recent_gold: Rate = field(default_factory=lambda: wilson_rate(0, 0))

    @property
    def pausing(self) -> str:
        """The label of the lead's button."""
        if failed_screening(self.member):
            return "Allow another try"
        return "Resume" if self.member.paused_at else "Pause"

    @property
    def why_paused(self) -> str:
        """The reason of the pause, for the lead."""
        if failed_screening(self.member):
            return "Too few screening items were answered correctly."
        return self.member.pause_reason or "A lead paused them."

    @property
    def gold_text(self) -> str:
        return format_rate(self.gold)

    @property
    def recent_gold_text(self) -> str:
        return format_rate(self.recent_gold)


def format_rate(accuracy: Rate) -> str:
    """Return the rate with its interval in percent, as a cell of the table."""
    if accuracy.value is None or accuracy.low is None or accuracy.high is None:
        return "none yet"
    share, low, high = (
        f"{value * 100:.0f}" for value in (accuracy.value, accuracy.low, accuracy.high)
    )
    return f"{share} % of {accuracy.of} ({low} to {high})"


def band_names() -> list[str]:
    """Return the headings of the bands of trace lengths."""
    return [f"{low} to {high} steps" if high else f"{low} or more steps" for low, high in LENGTHS]


def member_rows(queue: Queue) -> list[MemberRow]:
    """Return a row for each member, by name. Three queries."""
    bands = ",\n       ".join(
        _BAND.format(low=low, high="" if high is None else f" AND verdict.step_count <= {high}")
        for low, high in LENGTHS
    )
    with connection.cursor() as cursor:
        cursor.execute(_WORK.replace("__BANDS__", bands), {"queue": queue.pk})
        work = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_GOLD, {"queue": queue.pk, "window": queue.drift_window})
        gold = {row[0]: row[1:] for row in cursor.fetchall()}
    members = queue.members.select_related("user").order_by("user__username")
    return [_row(member, work.get(member.user_id), gold.get(member.user_id)) for member in members]


def _row(
    member: QueueMember, work: tuple | None, gold: tuple[int, int, int, int] | None
) -> MemberRow:
    answers, without, seconds, blind, last, *by_length = work or (0, 0, None, 0, None)
    right, of, recent_right, recent_of = gold or (0, 0, 0, 0)
    return MemberRow(
        member=member,
        answers=answers,
        without=without,
        seconds=seconds,
        blind=blind,
        last=last,
        by_length=by_length or [None] * len(LENGTHS),
        gold=wilson_rate(right, of),
        recent_gold=wilson_rate(recent_right, recent_of),
    )
