"""How the people of a queue are doing: answers, pace, and accuracy on items with a known answer."""

from dataclasses import dataclass, field

from django.db import connection

from annotations.gold.monitoring import failed_screening
from annotations.models import Queue, QueueMember
from metrics.stats.wilson import Rate, rate

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

# The answers to gold of each person, newest first: how many of all and of the last were right.
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
class PersonLine:
    """A member with their numbers. `seconds` is the median of a review, `by_length` by band."""

    member: QueueMember
    answers: int
    without: int  # ended without a review: skipped, unsure, given up, a bad problem
    seconds: float | None
    blind: int
    last: object | None
    by_length: list[float | None] = field(default_factory=list)
    gold: Rate = field(default_factory=lambda: rate(0, 0))
    recent_gold: Rate = field(default_factory=lambda: rate(0, 0))

    @property
    def pausing(self) -> str:
        """What the lead's button does."""
        if failed_screening(self.member):
            return "let try again"
        return "let go on" if self.member.paused_at else "pause"

    @property
    def why_paused(self) -> str:
        if failed_screening(self.member):
            return "Too few of the screening items were answered rightly."
        return self.member.pause_reason or "A lead did it by hand."

    @property
    def gold_in_words(self) -> str:
        return in_words(self.gold)

    @property
    def recent_gold_in_words(self) -> str:
        return in_words(self.recent_gold)


def in_words(found: Rate) -> str:
    """The rate with its interval in percent, as a cell of the table has it."""
    if found.value is None or found.low is None or found.high is None:
        return "none yet"
    share, low, high = (f"{value * 100:.0f}" for value in (found.value, found.low, found.high))
    return f"{share} % of {found.of} ({low} to {high})"


def band_names() -> list[str]:
    return [f"{low} to {high} steps" if high else f"{low} steps and more" for low, high in LENGTHS]


def people_of(queue: Queue) -> list[PersonLine]:
    """All members, by name; three queries whatever their number."""
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
    return [_line(member, work.get(member.user_id), gold.get(member.user_id)) for member in members]


def _line(
    member: QueueMember, work: tuple | None, gold: tuple[int, int, int, int] | None
) -> PersonLine:
    answers, without, seconds, blind, last, *by_length = work or (0, 0, None, 0, None)
    right, of, recent_right, recent_of = gold or (0, 0, 0, 0)
    return PersonLine(
        member=member,
        answers=answers,
        without=without,
        seconds=seconds,
        blind=blind,
        last=last,
        by_length=by_length or [None] * len(LENGTHS),
        gold=rate(right, of),
        recent_gold=rate(recent_right, recent_of),
    )
