from typing import Any

from django import forms

from accounts.models import User
from inference.backends import BACKENDS
from inference.models import Scorer
from inference.scorers import builtin_names
from traces.models import Dataset


class RunForm(forms.Form):
    """Which scorer judges which dataset."""

    dataset = forms.ModelChoiceField(Dataset.objects.none(), to_field_name="name")
    scorer = forms.ChoiceField()
    only_missing = forms.BooleanField(
        required=False, label="Only traces that it has not judged", initial=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        datasets = Dataset.objects.visible_to(user).order_by("name")
        self.fields["dataset"].queryset = datasets  # type: ignore[attr-defined]
        own = Scorer.objects.exclude(backend__in=builtin_names()).order_by("name")
        self.fields["scorer"].choices = [  # type: ignore[attr-defined]
            *((name, f"{name}: {BACKENDS[name].description}") for name in builtin_names()),
            *((scorer.name, f"{scorer.name} ({scorer.get_kind_display()})") for scorer in own),
        ]


class ScorerForm(forms.Form):
    """The recipe of a new scorer that needs a model."""

    name = forms.CharField(max_length=100, help_text="As it stands on the leaderboard.")
    backend = forms.ChoiceField(help_text="How the model is asked.")
    model = forms.CharField(
        max_length=500, help_text="An id of the Hugging Face hub, or a folder on the workers."
    )
    revision = forms.CharField(
        required=False,
        max_length=200,
        help_text="A commit of the hub, so that the model stays what it is.",
    )
    threshold = forms.FloatField(
        min_value=0,
        max_value=1,
        initial=0.5,
        help_text="The first step scored below it is the error.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["backend"].choices = [  # type: ignore[attr-defined]
            (name, f"{name}: {known.description}")
            for name, known in BACKENDS.items()
            if known.needs_model
        ]
