"""What the import page asks: where the traces are, and how to read them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from traces.cutting import CUTS
from traces.formats import FORMATS, GENERAL_FIELDS, ReadOptions
from traces.models import dataset_name


class WhereForm(forms.Form):
    """The file, or the data set of the hub, and the dataset it goes into."""

    file = forms.FileField(required=False)
    location = forms.CharField(
        required=False,
        label="or a place",
        help_text="A Hugging Face data set, hub:owner/name, or a path below the import folder.",
    )
    revision = forms.CharField(required=False, help_text="Of a Hugging Face data set.")
    dataset = forms.CharField(
        required=False,
        validators=[dataset_name],
        help_text="The name it gets here; the file's unless given.",
    )


class HowForm(forms.Form):
    """The format and the choices that a data set leaves open."""

    format = forms.ChoiceField(
        required=False,
        choices=[("", "found from the fields"), *((f.name, f.title) for f in FORMATS.values())],
    )
    neutral = forms.ChoiceField(
        required=False,
        label="A step rated neutral (PRM800K's 0) counts as",
        choices=[("positive", "right, as in ProcessBench"), ("negative", "wrong, as in TRL")],
    )
    cut = forms.ChoiceField(
        required=False,
        label="One text is cut into steps at",
        choices=[(name, name.replace("-", " ")) for name in CUTS],
    )
    marker = forms.CharField(required=False, help_text="The text between steps, for cut at marker.")
    label_base = forms.ChoiceField(
        required=False, label="Labels count steps from", choices=[("0", "0"), ("1", "1")]
    )
    mapping = forms.CharField(
        required=False,
        label="Fields",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "For the general format, a line each: problem = question. Left of the sign: "
            + ", ".join(GENERAL_FIELDS)
            + ". Right of it: the field of your rows, dotted when nested."
        ),
    )

    def clean_mapping(self) -> dict[str, str]:
        pairs = {}
        for line in self.cleaned_data["mapping"].splitlines():
            if not line.strip():
                continue
            name, sign, field = line.partition("=")
            if not sign:
                raise ValidationError(f"{line!r} has no '='; write a line as problem = question.")
            pairs[name.strip()] = field.strip()
        return pairs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mapping") and not cleaned.get("format"):
            cleaned["format"] = "general"  # only that one reads a mapping
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
