"""What the review page sends, judged: a `Said` becomes a `Review`, or sentences say why not."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from annotations.models import Queue
from annotations.review.form_data import LONGEST_TEXT, Said
from annotations.review.rating_scale import RATINGS, SEVERITIES
from annotations.review.verdicts import Review
from traces.models import Trace

NO_ERROR = -1
DAY = 86_400  # seconds; a page left open counts no more
LONGEST_NOTE = 20_000
_UNDECIDED = "Choose the first wrong step, or that there is no error."


class SendingForm(forms.Form):
    """The page's hidden fields: which submit this is, and what it was based on."""

    key = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    based_on = forms.IntegerField(required=False, min_value=0, max_value=2**15 - 1)
    # Keys of earlier pages of the same browser, whose words this one goes on from.
    after = forms.CharField(required=False, max_length=400)

    def given(self) -> dict[str, Any]:
        """`page`, `version`, `based_on`, `after`; what no page of ours sent counts as not there."""
        self.full_clean()
        said = self.cleaned_data
        return {
            "page": said.get("key") or uuid.uuid4(),
            "version": said.get("version") or 0,
            "based_on": said.get("based_on") or 0,
            "after": frozenset((said.get("after") or "").split()),
        }


class CommentForm(forms.Form):
    """A word to the lead about a step, counted from 1 as on the page."""

    step = forms.IntegerField(min_value=1, error_messages={"required": "Say which step."})
    text = forms.CharField(
        max_length=LONGEST_NOTE, error_messages={"required": "Write what the lead should know."}
    )

    def __init__(self, data: Any, *, trace: Trace) -> None:
        super().__init__(data)
        self.trace = trace

    def clean_step(self) -> int:
        """0-based."""
        step = self.cleaned_data["step"]
        if step > self.trace.step_count:
            raise ValidationError(f"This trace has {self.trace.step_count} steps.")
        return int(step) - 1


class ReviewForm(forms.Form):
    """A review of `trace` by the rules of `queue`. Step indices are 0-based."""

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

    def __init__(self, said: Said, *, trace: Trace, queue: Queue) -> None:
        super().__init__(said.as_content())
        self.said = said
        self.trace = trace
        self.queue = queue
        names = [kind["name"] for kind in queue.error_types]
        self._choices("earliest_error", [NO_ERROR, *range(trace.step_count)])
        self._choices("error_type", ["", *names])

    def _choices(self, name: str, values: list[Any]) -> None:
        self.fields[name].choices = [(v, str(v)) for v in values]  # type: ignore[attr-defined]

    def clean_seconds_spent(self) -> int | None:
        """Kept within a day: no review is refused for a clock that was set or a night away."""
        seconds = self.cleaned_data["seconds_spent"]
        return None if seconds is None else min(max(seconds, 0), DAY)

    def clean(self) -> dict[str, Any]:
        """The first wrong step, from the ratings where every step is rated."""
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        if self.queue.label_scheme == Queue.Scheme.EVERY_STEP:
            said["step_labels"] = _labels(self.said, self.trace.step_count)
            said["earliest_error"] = _first_wrong(said["step_labels"])
            said["self_corrected"] = _self_corrected(self.said, said["step_labels"])
        elif said["earliest_error"] is None:
            raise ValidationError(_UNDECIDED)
        return said

    @property
    def sentences(self) -> list[str]:
        """What is wrong, for the person."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def review(self, *, shown_judges: list[int], shown_before: bool) -> Review:
        """The review; `shown_judges` are those whose verdicts the person saw."""
        said = self.cleaned_data
        has_error = said["earliest_error"] != NO_ERROR
        return Review(
            earliest_error=said["earliest_error"],
            error_type=said["error_type"] if has_error else "",
            severity=said["severity"] if has_error else "",
            correction=said["correction"] if has_error else "",
            note=said["note"],
            step_labels=said.get("step_labels"),
            self_corrected=said.get("self_corrected"),
            shown_judges=tuple(shown_judges),
            shown_before_deciding=shown_before and bool(shown_judges),
            seconds_spent=said["seconds_spent"],
        )


def _labels(said: Said, step_count: int) -> tuple[int | None, ...]:
    """One a step; those after the first wrong one may be left out."""
    known = {value: int(value) for _, value, _ in RATINGS}
    labels = tuple(known.get(said.ratings.get(str(index), "")) for index in range(step_count))
    needed = labels[: labels.index(NO_ERROR)] if NO_ERROR in labels else labels
    if None in needed:
        raise ValidationError(f"Rate step {needed.index(None) + 1} too: every step is asked for.")
    return labels


def _first_wrong(labels: tuple[int | None, ...]) -> int:
    return labels.index(-1) if -1 in labels else NO_ERROR


def _self_corrected(said: Said, labels: tuple[int | None, ...]) -> tuple[int, ...]:
    wrong = [index for index, label in enumerate(labels) if label == -1]
    return tuple(index for index in wrong if str(index) in said.self_corrected)
