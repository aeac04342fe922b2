"""The review form: the fields as typed, and the `Review` that valid ones become.

Step indices are 0-based and -1 is no error.
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from annotations.models import Queue
from annotations.review.verdicts import Review
from traces.datasets.trace_page import finding_in_words
from traces.models import Trace, Verdict

# Name, stored value, key.
RATINGS = [("wrong", "-1", "1"), ("neutral", "0", "2"), ("right", "1", "3")]
RATING_PREFIX = "rating-"
SEVERITIES = ["minor", "major", "fatal"]
NO_ERROR = -1
DAY = 86_400  # seconds; a page left open counts no more
LONGEST_NOTE = 20_000
LONGEST_TEXT = 100_000
_LONGEST_VALUE = 100
_SHORT_FIELDS = ["earliest_error", "error_type", "severity", "seconds_spent"]
_LONG_FIELDS = ["correction", "note"]
_UNDECIDED = "Choose the first wrong step or “No error”."


@dataclass(frozen=True, slots=True)
class ReviewFormData:
    """The fields of the review page as typed, right or wrong, so that a draft loses nothing.

    `ReviewForm` validates them when they are submitted.
    """

    earliest_error: str = ""
    error_type: str = ""
    severity: str = ""
    correction: str = ""
    note: str = ""
    seconds_spent: str = ""
    ratings: dict[str, str] = field(default_factory=dict)  # step index to -1, 0 or 1
    self_corrected: list[str] = field(default_factory=list)

    @classmethod
    def from_post(cls, data: QueryDict) -> Self:
        """Return the fields of a posted page, cut to the length that a draft may have."""
        return cls(
            **{name: _text(data.get(name, ""))[:_LONGEST_VALUE] for name in _SHORT_FIELDS},
            **{name: _text(data.get(name, "")) for name in _LONG_FIELDS},
            ratings={
                name.removeprefix(RATING_PREFIX): value[:_LONGEST_VALUE]
                for name, value in data.items()
                if name.startswith(RATING_PREFIX) and isinstance(value, str) and value
            },
            self_corrected=[value[:_LONGEST_VALUE] for value in data.getlist("self_corrected")],
        )

    @classmethod
    def from_draft(cls, content: Mapping[str, Any]) -> Self:
        """Return the fields that a draft kept. Other names are ignored."""
        return cls(**{name: content[name] for name in cls.__dataclass_fields__ if name in content})

    @classmethod
    def from_verdict(cls, verdict: Verdict) -> Self:
        """Return the fields that would submit this verdict again."""
        labels = verdict.step_labels or []
        return cls(
            earliest_error="" if verdict.earliest_error is None else str(verdict.earliest_error),
            error_type=verdict.error_type,
            severity=verdict.severity,
            correction=verdict.correction,
            note=verdict.explanation,
            ratings={str(i): str(label) for i, label in enumerate(labels) if label is not None},
            self_corrected=[str(index) for index in verdict.self_corrected or []],
        )

    def as_content(self) -> dict[str, Any]:
        """Return the fields as a draft's row stores them."""
        return asdict(self)

    @property
    def chosen_step(self) -> int | None:
        """The step chosen as the first wrong one, -1 for none, null without a usable choice."""
        try:
            return int(self.earliest_error)
        except ValueError:
            return None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The fields that are filled in, each with its name for the reader."""
        step = self.chosen_step
        facts = [
            ("First wrong step", "nothing chosen" if step is None else finding_in_words(step)),
            ("Error type", self.error_type),
            ("Severity", self.severity),
            ("Corrected step", self.correction),
            ("Note", self.note),
        ]
        return [(name, value) for name, value in facts if value]


def _text(value: Any) -> str:
    """Return the text with the line ends of the traces, and without NUL, which no field stores."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text[:LONGEST_TEXT]


class HiddenForm(forms.Form):
    """The page's hidden fields: the key of this submit, and what it was based on."""

    key = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    based_on = forms.IntegerField(required=False, min_value=0, max_value=2**15 - 1)
    # Keys of earlier pages of the same browser whose draft this one continues.
    after = forms.CharField(required=False, max_length=400)

    def values(self) -> dict[str, Any]:
        """Return `page`, `version`, `based_on` and `after`; an invalid field counts as missing."""
        self.full_clean()
        data = self.cleaned_data
        return {
            "page": data.get("key") or uuid.uuid4(),
            "version": data.get("version") or 0,
            "based_on": data.get("based_on") or 0,
            "after": frozenset((data.get("after") or "").split()),
        }


class CommentForm(forms.Form):
    """A comment to the lead on a step, counted from 1 as on the page."""

    step = forms.IntegerField(
        min_value=1, error_messages={"required": ("Enter the number of a step.")}
    )
    text = forms.CharField(max_length=LONGEST_NOTE, error_messages={"required": "Enter a comment."})

    def __init__(self, data: Any, *, trace: Trace) -> None:
        super().__init__(data)
        self.trace = trace

    def clean_step(self) -> int:
        """Return the step's 0-based index."""
        step = self.cleaned_data["step"]
        if step > self.trace.step_count:
            raise ValidationError(f"This trace has {self.trace.step_count} steps.")
        return int(step) - 1


class ReviewForm(forms.Form):
    """A review of `trace` by the rules of `queue`."""

    earliest_error = forms.TypedChoiceField(
        coerce=int, required=False, empty_value=None, error_messages={"invalid_choice": _UNDECIDED}
    )
    error_type = forms.ChoiceField(required=False)
    severity = forms.ChoiceField(
        required=False, choices=[("", ""), *((name, name) for name in SEVERITIES)]
    )
    correction = forms.CharField(required=False, strip=False, max_length=LONGEST_TEXT)
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)
    seconds_spent = forms.IntegerField(required=False)

    def __init__(self, form_data: ReviewFormData, *, trace: Trace, queue: Queue) -> None:
        super().__init__(form_data.as_content())
        self.form_data = form_data
        self.trace = trace
        self.queue = queue
        names = [error_type["name"] for error_type in queue.error_types]
        self._set_choices("earliest_error", [NO_ERROR, *range(trace.step_count)])
        self._set_choices("error_type", ["", *names])

    def _set_choices(self, name: str, values: list[Any]) -> None:
        self.fields[name].choices = [(v, str(v)) for v in values]  # type: ignore[attr-defined]

    def clean_seconds_spent(self) -> int | None:
        """Return the seconds cut to a day: a wrong clock or an open page refuses no review."""
        seconds = self.cleaned_data["seconds_spent"]
        return None if seconds is None else min(max(seconds, 0), DAY)

    def clean(self) -> dict[str, Any]:
        """Return the data; where every step is rated the first wrong one follows from ratings."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if self.queue.label_scheme == Queue.Scheme.EVERY_STEP:
            data["step_labels"] = _step_labels(self.form_data, self.trace.step_count)
            data["earliest_error"] = _first_wrong(data["step_labels"])
            data["self_corrected"] = _self_corrected(self.form_data, data["step_labels"])
        elif data["earliest_error"] is None:
            raise ValidationError(_UNDECIDED)
        return data

    @property
    def error_messages(self) -> list[str]:
        """The messages of every invalid field."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def review(self, *, shown_judges: list[int], shown_before: bool) -> Review:
        """Return the review. `shown_judges` are the judges whose verdicts the reviewer saw."""
        data = self.cleaned_data
        has_error = data["earliest_error"] != NO_ERROR
        return Review(
            earliest_error=data["earliest_error"],
            error_type=data["error_type"] if has_error else "",
            severity=data["severity"] if has_error else "",
            correction=data["correction"] if has_error else "",
            note=data["note"],
            step_labels=data.get("step_labels"),
            self_corrected=data.get("self_corrected"),
            shown_judges=tuple(shown_judges),
            shown_before_deciding=shown_before and bool(shown_judges),
            seconds_spent=data["seconds_spent"],
        )


def _step_labels(form_data: ReviewFormData, step_count: int) -> tuple[int | None, ...]:
    """Return a label for each step; after the first wrong one they may be missing."""
    label_of = {value: int(value) for _, value, _ in RATINGS}
    labels = tuple(
        label_of.get(form_data.ratings.get(str(index), "")) for index in range(step_count)
    )
    needed = labels[: labels.index(NO_ERROR)] if NO_ERROR in labels else labels
    if None in needed:
        raise ValidationError(
            f"Rate step {needed.index(None) + 1} too: this queue needs a rating for every step."
        )
    return labels


def _first_wrong(labels: tuple[int | None, ...]) -> int:
    return labels.index(-1) if -1 in labels else NO_ERROR


def _self_corrected(form_data: ReviewFormData, labels: tuple[int | None, ...]) -> tuple[int, ...]:
    wrong = [index for index, label in enumerate(labels) if label == -1]
    return tuple(index for index in wrong if str(index) in form_data.self_corrected)
