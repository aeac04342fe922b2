"""The form that adds a gold item."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from traces.models import Dataset, Trace


class GoldForm(forms.Form):
    """A trace with its known answer."""

    trace = forms.CharField(max_length=500, label="Trace", help_text="Its ID in the dataset.")
    step = forms.IntegerField(
        min_value=0, label="First wrong step", help_text="Counted from 1. Enter 0 for no error."
    )
    feedback = forms.CharField(
        required=False, label="Feedback", widget=forms.Textarea(attrs={"rows": 2})
    )
    screening = forms.BooleanField(required=False, label="Use for screening")

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dataset = dataset

    def clean_trace(self) -> Trace:
        traces = Trace.objects.current_segmentations().filter(dataset=self.dataset)
        trace = traces.filter(external_id=self.cleaned_data["trace"]).first()
        if trace is None:
            raise ValidationError(f"{self.dataset.name} has no trace with this ID.")
        return trace

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        trace, step = data.get("trace"), data.get("step")
        if trace and step is not None and step > trace.step_count:
            self.add_error("step", f"The trace has {trace.step_count} steps.")
        return data

    @property
    def label(self) -> int:
        """The label, 0-based, -1 for no error."""
        return int(self.cleaned_data["step"]) - 1
