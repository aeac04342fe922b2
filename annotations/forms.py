"""What the review page sends."""

from typing import Any

from django import forms

from annotations.error_types import ERROR_TYPES
from annotations.reviewing import Review
from traces.models import Trace

NO_ERROR = -1


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
    seconds_spent = forms.IntegerField(required=False, min_value=0, max_value=86_400)

    def __init__(self, data: Any, *, trace: Trace) -> None:
        super().__init__(data)
        indices = [NO_ERROR, *range(trace.step_count)]
        self.fields["earliest_error"].choices = [(i, str(i)) for i in indices]  # type: ignore[attr-defined]

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
