"""All that the review page prints of one lease. Templates print; what is shown is decided here."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from annotations import shortcuts
from annotations.models import Lease, Queue, StepComment
from annotations.queues.progress import Progress, progress_of
from annotations.review import model_chart
from annotations.review.form_data import Said
from annotations.review.model_reveal import may_reveal, model_verdicts, sees_models
from annotations.review.rating_scale import RATINGS, SEVERITIES
from annotations.review.skip_reasons import ENDINGS, Ending
from traces.datasets.trace_page import StepMark, finding_in_words, read_trace
from traces.models import Trace, Verdict
from traces.typesetting import typeset


@dataclass(frozen=True, slots=True)
class RatingChoice:
    name: str
    value: str
    key: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class StepView:
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
    """One of two reviews that stand against each other."""

    title: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Conflict:
    sentence: str
    sides: list[Side]


@dataclass
class ReviewPage:
    """`lease` comes from `granting.lease_of`. Costs three queries, whatever the trace."""

    lease: Lease
    said: Said
    based_on: int  # revision of the person's verdict, 0 for none
    version: int  # of the draft, 0 for none
    errors: Sequence[str] = ()
    notices: Sequence[str] = ()
    conflict: Conflict | None = None
    is_ahead: bool = False  # drawn while the item before it is worked on
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    def __post_init__(self) -> None:
        # A queue's traces are of its dataset, which often is read already.
        self.trace.dataset = self.queue.dataset

    @property
    def queue(self) -> Queue:
        return self.lease.queue

    @property
    def trace(self) -> Trace:
        return self.lease.item.trace

    @property
    def is_held(self) -> bool:
        return self.lease.is_held

    @property
    def may_submit(self) -> bool:
        """A review that was withdrawn, or of a closed queue, can be read and no more."""
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
    def endings(self) -> list[Ending]:
        """Those but skipping, which has its own button."""
        return [ending for ending in ENDINGS if ending.reason != "skip"]

    @cached_property
    def progress(self) -> Progress | None:
        """None on a page drawn ahead: the answer to the review before it brings the count."""
        return None if self.is_ahead else progress_of(self.queue, self.lease.annotator_id)

    # --- What models said -------------------------------------------------------------------------

    @cached_property
    def shown_verdicts(self) -> list[Verdict]:
        """What models said, where this person may see it now."""
        return list(model_verdicts(self.trace)) if sees_models(self.lease) else []

    @cached_property
    def opinions(self) -> model_chart.Opinions | None:
        return model_chart.draw(self.shown_verdicts, self.trace.step_count)

    @property
    def may_reveal(self) -> bool:
        return may_reveal(self.lease)

    @property
    def models_line(self) -> str:
        if self.lease.is_blind or self.queue.opinions == Queue.Opinions.HIDDEN:
            return "what models said is hidden"
        return "" if self.opinions else "no model has judged it"

    # --- The trace --------------------------------------------------------------------------------

    @cached_property
    def problem_html(self) -> SafeString:
        return typeset(self.trace.problem.text)

    @property
    def correction_html(self) -> SafeString | str:
        return typeset(self.said.correction) if self.said.correction else ""

    @cached_property
    def steps(self) -> list[StepView]:
        chosen = self.said.chosen
        told = self._comments()
        reading = read_trace(self.trace, self.shown_verdicts, focus=chosen)
        return [
            StepView(
                index=step.index,
                text=step.text,
                html=step.html,
                marks=step.marks,
                place=step.place,
                is_chosen=step.index == chosen,
                is_self_corrected=str(step.index) in self.said.self_corrected,
                ratings=self._ratings(step.index),
                comments=told.get(step.index, []),
            )
            for step in reading.steps
        ]

    def _ratings(self, index: int) -> list[RatingChoice]:
        if not self.every_step:
            return []
        given = self.said.ratings.get(str(index))
        return [RatingChoice(name, value, key, value == given) for name, value, key in RATINGS]

    def _comments(self) -> dict[int, list[str]]:
        if not self.lease.was_opened:
            return {}
        mine = StepComment.objects.filter(item=self.lease.item_id, author=self.lease.annotator_id)
        told: dict[int, list[str]] = {}
        for step, text in mine.order_by("pk").values_list("step", "text"):
            told.setdefault(step or 0, []).append(text)
        return told

    # --- Addresses, hidden fields, keys -----------------------------------------------------------

    @cached_property
    def addresses(self) -> dict[str, str]:
        mine = {
            name: reverse(f"annotations:review-{name}", args=[self.lease.pk])
            for name in ["draft", "renew", "leave", "ahead", "comment"]
        }
        return mine | {
            "self": reverse("annotations:review-detail", args=[self.lease.pk]),
            "history": reverse("annotations:review-list", args=[self.queue.pk]),
            "preview": reverse("annotations:preview"),
        }

    @property
    def data(self) -> dict[str, Any]:
        """What the script needs to know, as data attributes of the item."""
        asked = ["draft", "renew", "leave", "preview"] + (["ahead"] if self.is_held else [])
        return {name: self.addresses[name] for name in asked} | {
            "address": self.addresses["self"],
            "item": self.lease.item_id,
            "reviewer": self.lease.annotator_id,
            "lease": self.lease.pk if self.is_held else "",
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
            "seconds_spent": self.said.seconds_spent,
        }

    @property
    def keys(self) -> list[tuple[str, list[shortcuts.Key]]]:
        types = [
            shortcuts.Key((kind["key"],), f"{kind['name']}: {kind['meaning']}")
            for kind in self.error_types
        ]
        return [
            ("Moving", shortcuts.MOVING),
            ("Verdict", shortcuts.EVERY_STEP if self.every_step else shortcuts.FIRST_ERROR),
            ("Kind of error", types),
            ("Writing", shortcuts.WRITING),
            ("Looking", shortcuts.LOOKING),
            ("Ending", shortcuts.ENDING),
        ]


def sides(mine: Said, theirs: Said) -> list[Side]:
    """Two reviews beside each other."""
    return [Side("This page", _facts(mine)), Side("The other window", _facts(theirs))]


def _facts(said: Said) -> list[tuple[str, str]]:
    finding = "nothing chosen" if said.chosen is None else finding_in_words(said.chosen)
    facts = [
        ("First wrong step", finding),
        ("Kind of error", said.error_type),
        ("Severity", said.severity),
        ("Should read", said.correction),
        ("Note", said.note),
    ]
    return [(name, value) for name, value in facts if value]
