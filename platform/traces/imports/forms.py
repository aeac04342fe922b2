"""What the import page asks: where the traces are, and how to read them."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from traces.formats import FORMATS, GENERAL_FIELDS, ReadOptions
from traces.models import dataset_name
from traces.segmentation.split import SPLITTERS


class WhereForm(forms.Form):
    """The file, or the Hub's dataset, and the dataset that it goes into here."""

    file = forms.FileField(required=False)
    location = forms.CharField(
        required=False,
        label="Or a dataset of the Hugging Face Hub",
        help_text="As hub:owner/name.",
    )
    revision = forms.CharField(
        required=False, help_text="Of the Hub's dataset: a branch, a tag or a commit."
    )
    dataset = forms.CharField(
        required=False,
        validators=[dataset_name],
        help_text="The name it gets here; the file's unless given.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.IMPORT_ROOT:
            location = self.fields["location"]
            location.label = "Or a dataset of the Hugging Face Hub, or a file of the server"
            location.help_text = "As hub:owner/name, or a path below the import folder."


class HowForm(forms.Form):
    """The format and the choices that a file leaves open."""

    format = forms.ChoiceField(
        required=False,
        choices=[("", "found from the fields"), *((f.name, f.title) for f in FORMATS.values())],
    )
    neutral = forms.ChoiceField(
        required=False,
        initial="positive",
        label="A step rated neutral (PRM800K's 0) counts as",
        choices=[("positive", "right, as in ProcessBench"), ("negative", "wrong, as in TRL")],
    )
    cut = forms.ChoiceField(
        required=False,
        initial="blank-line",
        label="One text is cut into steps at",
        choices=[(name, name.replace("-", " ")) for name in SPLITTERS],
    )
    marker = forms.CharField(required=False, help_text="The text between steps, for cut at marker.")
    label_base = forms.ChoiceField(
        required=False,
        initial="0",
        label="Labels count steps from",
        choices=[("0", "0"), ("1", "1")],
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
