"""The form of a decision on a disputed item."""

from typing import Any

from django import forms

from annotations.models import Item


class RulingForm(forms.Form):
    """A ruling on a dispute; `step` counts from 1, 0 is no error.

    `other` is a step that no side named, and replaces an empty `step`.
    """

    step = forms.IntegerField(min_value=0, required=False)
    other = forms.IntegerField(min_value=1, required=False)
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000
    )
    error_type = forms.ChoiceField(required=False)
    correction = forms.CharField(
        required=False,
        strip=False,
        label="Corrected step",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [kind["name"] for kind in item.queue.error_types]
        self.fields["error_type"].choices = [("", ""), *((n, n) for n in names)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        step, other = data.get("step"), data.pop("other", None)
        if step is None and other is None and not self.errors:
            self.add_error("step", "Choose a decision.")
        elif step is not None and other is not None and step != other:
            self.add_error("step", f"You chose one step and entered {other}. Keep only one.")
        elif step is None:
            data["step"] = other
        return data
