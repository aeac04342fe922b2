"""The parameters of a recipe in a form: an object in JSON."""

import json
from typing import Any

from django import forms

LONGEST = 100_000


class ParametersField(forms.CharField):
    """Blank is none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {
            "required": False,
            "max_length": LONGEST,
            "label": "Further parameters",
            "widget": forms.Textarea({"rows": 2}),
            **kwargs,
        }
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        try:
            found = json.loads(text or "{}", parse_constant=_refused)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise forms.ValidationError('Enter a JSON object, such as {"concurrency": 16}.')
        return found


def _refused(constant: str) -> None:
    """NaN and the infinities are no JSON, whatever Python makes of them."""
    raise ValueError(constant)
