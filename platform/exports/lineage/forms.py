"""The form that finds one row of an export."""

from typing import Any

from django import forms

from exports.models import Export


class RowForm(forms.Form):
    """One row of an export: its split, and its place in it from 0."""

    split = forms.ChoiceField()
    row = forms.IntegerField(min_value=0, initial=0)

    def __init__(self, *args: Any, export: Export, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        splits = (export.manifest or {}).get("splits", {})
        self.fields["split"].choices = [(name, name) for name in splits]  # type: ignore[attr-defined]
