"""The forms of the import page: the source of the traces, and the options of their format."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from traces.formats import FORMATS, GENERAL_FIELDS, ReadOptions
from traces.models import dataset_name
from traces.segmentation.split import SPLITTERS


class WhereForm(forms.Form):
    """The file or the Hub's dataset, and the name of the dataset to import into."""

    file = forms.FileField(required=False)
    location = forms.CharField(
        required=False,
        label="Or a Hugging Face dataset",
        help_text="E.g. hub:owner/name.",
    )
    revision = forms.CharField(
        required=False, help_text="For Hugging Face datasets: a branch, tag or commit."
    )
    dataset = forms.CharField(
        required=False,
        label="Dataset name",
        validators=[dataset_name],
        help_text="Defaults to the file name.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.IMPORT_ROOT:
            location = self.fields["location"]
            location.label = "Or a Hugging Face dataset, or a file on the server"
            location.help_text = "E.g. hub:owner/name, or a path below the import folder."


class HowForm(forms.Form):
    """The format, and the options that a file leaves open."""

    format = forms.ChoiceField(
        required=False,
        choices=[("", "Auto-detect"), *((f.name, f.title) for f in FORMATS.values())],
    )
    neutral = forms.ChoiceField(
        required=False,
        initial="positive",
        label="Count neutral steps (0 in PRM800K) as",
        choices=[("positive", "right, as in ProcessBench"), ("negative", "wrong, as in TRL")],
    )
    cut = forms.ChoiceField(
        required=False,
        initial="blank-line",
        label="Split text into steps by",
        choices=[(name, name.replace("-", " ")) for name in SPLITTERS],
    )
    marker = forms.CharField(
        required=False, help_text=("The text between steps, if split by marker.")
    )
    label_base = forms.ChoiceField(
        required=False,
        initial="0",
        label="Step labels start at",
        choices=[("0", "0"), ("1", "1")],
    )
    mapping = forms.CharField(
        required=False,
        label="Fields",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "For the general format, one per line: problem = question. Left of the sign: "
            + ", ".join(GENERAL_FIELDS)
            + ". Right of it: the field of your rows, dotted when nested."
        ),
    )

    def clean_mapping(self) -> dict[str, str]:
        """Return the mapping of the lines "part = field"."""
        pairs = {}
        for line in self.cleaned_data["mapping"].splitlines():
            if not line.strip():
                continue
            name, sign, field = line.partition("=")
            if not sign:
                raise ValidationError(f"{line!r} has no '='. Use the form problem = question.")
            pairs[name.strip()] = field.strip()
        return pairs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mapping") and not cleaned.get("format"):
            cleaned["format"] = "general"  # only this format uses a mapping
        try:
            self.options = ReadOptions(
                neutral=cleaned.get("neutral") or "positive",
                mapping=cleaned.get("mapping") or {},
                cut=cleaned.get("cut") or "blank-line",
                marker=cleaned.get("marker") or "",
                label_base=1 if cleaned.get("label_base") == "1" else 0,
            )
        except ValueError as error:
            raise ValidationError(f"{error}.") from None
        return cleaned
