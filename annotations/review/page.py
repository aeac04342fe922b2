"""The review page of one lease: everything that its templates print."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from annotations import shortcuts
from annotations.models import Lease, Queue, StepComment
from annotations.review import model_chart
from annotations.review.forms import RATINGS, SEVERITIES, ReviewFormData
from annotations.review.model_reveal import may_reveal, model_verdicts, sees_models
from annotations.review.skip import SKIP_REASONS, SkipReason
from traces.datasets.trace_page import StepMark, read_trace
from traces.models import Trace, Verdict
from traces.typesetting import typeset


@dataclass(frozen=True, slots=True)
class Progress:
    """Answers in the queue of the total expected, and the person's own of today."""

    answered: int
    total: int
    today: int  # submitted by the person
    seconds_each: int | None  # of these, on average

    @property
    def sentence(self) -> str:
        share = f"{self.answered:,} of {self.total:,}"
        if not self.today:
            return share
        pace = f", {self.seconds_each} s each" if self.seconds_each is not None else ""
        return f"{share} · {self.today:,} today{pace}"

    def as_json(self) -> dict[str, int | str]:
        """Return the values that the page's script shows."""
        return {"answered": self.answered, "total": self.total, "sentence": self.sentence}


# SQL: every page runs it, and the ORM takes longer to write it than PostgreSQL to run it.
_PROGRESS = """
SELECT coalesce(counter.items, 0), coalesce(counter.answers, 0), coalesce(counter.closed, 0),
       mine.today, mine.seconds
FROM (SELECT sum(items) AS items, sum(answers) AS answers,
             sum(settled + disputed + discarded + bad_problems) AS closed
      FROM annotations_queuecounter WHERE queue_id = %(queue)s) AS counter,
     (SELECT count(*) AS today, avg(verdict.seconds_spent) AS seconds
      FROM annotations_lease AS lease LEFT JOIN traces_verdict AS verdict
        ON verdict.id = lease.verdict_id
      WHERE lease.annotator_id = %(user)s AND lease.queue_id = %(queue)s
        AND lease.state = 'submitted' AND lease.ended_at >= %(midnight)s) AS mine
"""


def progress_of(queue: Queue, user_id: int) -> Progress:
    """Return the progress of the queue and of the user in it. One query.

    An item counts once for each assigned reviewer. An open item needs one more answer at least,
    however many answers other items have beyond the queue's overlap.
    """
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"queue": queue.pk, "user": user_id, "midnight": midnight})
        items, answers, closed, today, seconds = cursor.fetchone()
    return Progress(
        answered=answers,
        total=max(items * queue.overlap, answers + items - closed),
        today=today,
        seconds_each=None if seconds is None else round(seconds),
    )


@dataclass(frozen=True, slots=True)
class RatingChoice:
    """A button that rates a step."""

    name: str
    value: str
    key: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as the page prints it."""

    index: int
    text: str
    html: SafeString
    marks: list[StepMark]
    place: str
    is_chosen: bool
    is_self_corrected: bool
    ratings: list[RatingChoice]
    comments: list[str]

    @property
    def number(self) -> int:
        return self.index + 1


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions of a review."""

    title: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of a review, one of this page and one of another window."""

    sentence: str
    sides: list[Side]


@dataclass
class ReviewPage:
    """The page of a lease from `lifecycle.lease_of`. Three queries, whatever the trace."""

    lease: Lease
    form_data: ReviewFormData
    based_on: int  # revision of the person's verdict, 0 for none
    version: int  # of the draft, 0 for none
    errors: Sequence[str] = ()
    notices: Sequence[str] = ()
    conflict: Conflict | None = None
    is_ahead: bool = False  # rendered while the item before it is worked on
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    def __post_init__(self) -> None:
        # A queue's traces are of its dataset, which is usually loaded already.
        self.trace.dataset = self.queue.dataset

    @property
    def queue(self) -> Queue:
        return self.lease.queue

    @property
    def trace(self) -> Trace:
        return self.lease.item.trace

    @property
    def may_submit(self) -> bool:
        """False for a withdrawn review or a closed queue: these can only be read."""
        verdict = self.lease.verdict
        withdrawn = verdict is not None and verdict.withdrawn_at is not None
        return self.queue.status != Queue.Status.CLOSED and not withdrawn

    @property
    def every_step(self) -> bool:
        return self.queue.label_scheme == Queue.Scheme.EVERY_STEP

    @property
    def error_types(self) -> list[dict[str, str]]:
        return list(self.queue.error_types)

    @property
    def severities(self) -> list[str]:
        return SEVERITIES if self.queue.ask_severity else []

    @property
    def skip_reasons(self) -> list[SkipReason]:
        """All but "skip", which has its own button."""
        return [reason for reason in SKIP_REASONS if reason.name != "skip"]

    @cached_property
    def progress(self) -> Progress | None:
        """None on a page fetched ahead: the response to the review before it has the count."""
        return None if self.is_ahead else progress_of(self.queue, self.lease.annotator_id)

    # --- Model verdicts --------------------------------------------------------------------------

    @cached_property
    def shown_verdicts(self) -> list[Verdict]:
        """The models' verdicts, when this person may see them now."""
        return list(model_verdicts(self.trace)) if sees_models(self.lease) else []

    @cached_property
    def opinions(self) -> model_chart.Opinions | None:
        verdicts = self.shown_verdicts
        return model_chart.draw(verdicts, self.trace.step_count) if verdicts else None

    @property
    def may_reveal(self) -> bool:
        return may_reveal(self.lease)

    @property
    def models_line(self) -> str:
        if self.lease.is_blind or self.queue.opinions == Queue.Opinions.HIDDEN:
            return "model verdicts are hidden"
        return "" if self.opinions else "no model verdicts"

    # --- The trace --------------------------------------------------------------------------------

    @cached_property
    def problem_html(self) -> SafeString:
        return typeset(self.trace.problem.text)

    @property
    def correction_html(self) -> SafeString | str:
        return typeset(self.form_data.correction) if self.form_data.correction else ""

    @cached_property
    def steps(self) -> list[StepView]:
        wrong_step = self.form_data.chosen_step
        comments = self._comments()
        reading = read_trace(self.trace, self.shown_verdicts, focus=wrong_step)
        return [
            StepView(
                index=step.index,
                text=step.text,
                html=step.html,
                marks=step.marks,
                place=step.place,
                is_chosen=step.index == wrong_step,
                is_self_corrected=str(step.index) in self.form_data.self_corrected,
                ratings=self._ratings(step.index),
                comments=comments.get(step.index, []),
            )
            for step in reading.steps
        ]

    def _ratings(self, index: int) -> list[RatingChoice]:
        if not self.every_step:
            return []
        rating = self.form_data.ratings.get(str(index))
        return [RatingChoice(name, value, key, value == rating) for name, value, key in RATINGS]

    def _comments(self) -> dict[int, list[str]]:
        if not self.lease.was_opened:
            return {}
        own = StepComment.objects.filter(item=self.lease.item_id, author=self.lease.annotator_id)
        comments: dict[int, list[str]] = {}
        for step, text in own.order_by("pk").values_list("step", "text"):
            comments.setdefault(step or 0, []).append(text)
        return comments

    # --- Addresses, hidden fields, keys -----------------------------------------------------------

    @cached_property
    def addresses(self) -> dict[str, str]:
        parts = {
            name: reverse(f"annotations:review-{name}", args=[self.lease.pk])
            for name in ["draft", "renew", "leave", "ahead", "comment"]
        }
        return parts | {
            "self": reverse("annotations:review-detail", args=[self.lease.pk]),
            "history": reverse("annotations:review-list", args=[self.queue.pk]),
            "preview": reverse("annotations:preview"),
        }

    @property
    def data(self) -> dict[str, Any]:
        """The data attributes of the item, read by the script."""
        names = ["draft", "renew", "leave", "preview"] + (["ahead"] if self.lease.is_held else [])
        return {name: self.addresses[name] for name in names} | {
            "address": self.addresses["self"],
            "item": self.lease.item_id,
            "reviewer": self.lease.annotator_id,
            "lease": self.lease.pk if self.lease.is_held else "",
            "lease-seconds": self.queue.lease_minutes * 60,
        }

    @property
    def hidden(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "version": self.version,
            "based_on": self.based_on,
            "after": "",
            "reviewer": self.lease.annotator_id,
            "seconds_spent": self.form_data.seconds_spent,
        }

    @property
    def keys(self) -> list[tuple[str, list[shortcuts.Key]]]:
        types = [
            shortcuts.Key((kind["key"],), f"{kind['name']}: {kind['meaning']}")
            for kind in self.error_types
        ]
        return [
            ("Navigation", shortcuts.MOVING),
            ("Verdict", shortcuts.EVERY_STEP if self.every_step else shortcuts.FIRST_ERROR),
            ("Error type", types),
            ("Text", shortcuts.WRITING),
            ("Panels", shortcuts.LOOKING),
            ("Submitting", shortcuts.ENDING),
        ]
