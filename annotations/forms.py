"""What the review page sends."""

from typing import Any

from django import forms

from annotations.error_types import ERROR_TYPES
from annotations.reviewing import Review
from traces.models import Trace

NO_ERROR = -1
DAY = 86_400  # seconds; a page left open counts no more


class PlaceForm(forms.Form):
    """The trace after which the next one is looked for."""

    after = forms.IntegerField(required=False, min_value=0)


class ReviewForm(forms.Form):
    """A review of `trace`. Step indices are 0-based."""

    earliest_error = forms.TypedChoiceField(
        coerce=int,
        error_messages={"required": "Choose the first wrong step, or that there is no error."},
    )
    error_type = forms.ChoiceField(
        required=False, choices=[("", ""), *((kind.name, kind.name) for kind in ERROR_TYPES)]
    )
    correction = forms.CharField(required=False, strip=False, max_length=100_000)
    note = forms.CharField(required=False, max_length=20_000)
    based_on = forms.IntegerField(min_value=0)
    models_shown = forms.BooleanField(required=False)
    models_shown_before = forms.BooleanField(required=False)
    seconds_spent = forms.IntegerField(required=False)

    def __init__(self, data: Any, *, trace: Trace) -> None:
        super().__init__(data)
        indices = [NO_ERROR, *range(trace.step_count)]
        self.fields["earliest_error"].choices = [(i, str(i)) for i in indices]  # type: ignore[attr-defined]

    def clean_correction(self) -> str:
        """With the line ends of the traces: browsers send CRLF."""
        return _plain_lines(self.cleaned_data["correction"])

    def clean_note(self) -> str:
        return _plain_lines(self.cleaned_data["note"])

    def clean_seconds_spent(self) -> int | None:
        """Kept within a day: no review is refused for a clock that was set or a night away."""
        seconds = self.cleaned_data["seconds_spent"]
        return None if seconds is None else min(max(seconds, 0), DAY)

    def review(self, judges: list[int]) -> Review:
        """The review; `judges` are those whose verdicts the page could show."""
        said = self.cleaned_data
        has_error = said["earliest_error"] != NO_ERROR
        return Review(
            earliest_error=said["earliest_error"],
            error_type=said["error_type"] if has_error else "",
            correction=said["correction"] if has_error else "",
            note=said["note"],
            shown_judges=tuple(judges) if said["models_shown"] else (),
            shown_before_deciding=said["models_shown_before"],
            seconds_spent=said["seconds_spent"],
        )


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
