"""Forms of training: the settings of a run, the name of a scorer."""

from typing import Any

import msgspec
from django import forms

from exports.models import Export
from training.jobs import JOBS, jobs_for

SHOWN = ("learning_rate", "epochs", "batch_size", "lora_rank", "seed")


class TrainingForm(forms.Form):
    """A job on an export. An empty field uses the job's default."""

    job = forms.ChoiceField()
    base = forms.CharField(
        max_length=500,
        label="Base model",
        help_text="A Hugging Face model ID, or a folder on the training worker.",
    )
    revision = forms.CharField(
        required=False, max_length=200, help_text="Pin a commit for reproducibility."
    )
    learning_rate = forms.FloatField(required=False, min_value=0)
    epochs = forms.FloatField(required=False, min_value=0)
    batch_size = forms.IntegerField(required=False, min_value=1, label="Batch size")
    lora_rank = forms.IntegerField(required=False, min_value=0, label="LoRA rank (0: no LoRA)")
    seed = forms.IntegerField(required=False)
    extra = forms.JSONField(
        required=False,
        initial=dict,
        label="Further settings",
        help_text=(
            'JSON, such as {"steps": 500, "warmup": 0.1}. docs/training.md lists all settings.'
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, export: Export, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jobs = jobs_for(export.recipe)
        choices = [(job.name, job.title) for job in jobs]
        self.fields["job"].choices = choices  # type: ignore[attr-defined]
        for name in SHOWN if len(jobs) == 1 else ():
            default = _default(jobs[0].name, name)
            self.fields[name].widget.attrs["placeholder"] = default

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by subject."""
        names = {"Model": ("job", "base", "revision"), "Settings": (*SHOWN, "extra")}
        return [(title, [self[name] for name in fields]) for title, fields in names.items()]

    def clean_extra(self) -> dict[str, Any]:
        extra = self.cleaned_data["extra"] or {}
        if not isinstance(extra, dict):
            raise forms.ValidationError('Enter a JSON object, such as {"steps": 500}.')
        return extra

    def values(self) -> dict[str, Any]:
        """Return the settings that are not empty."""
        names = ("base", "revision", *SHOWN)
        given = {name: self.cleaned_data[name] for name in names}
        kept = {name: value for name, value in given.items() if value not in (None, "")}
        return {**kept, **self.cleaned_data["extra"]}


class ScorerNameForm(forms.Form):
    """The name under which a run's model becomes a scorer."""

    name = forms.CharField(max_length=100, label="Scorer name")


def _default(job: str, name: str) -> Any:
    fields = msgspec.structs.fields(JOBS[job].settings)
    return next(field.default for field in fields if field.name == name)
