from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from accounts.models import User
from exports.recipes import RECIPES
from exports.selection import Choices
from traces.models import Dataset, Judge, Verdict


class ExportForm(forms.Form):
    """What to export, by whose labels, in which format."""

    dataset = forms.ModelChoiceField(Dataset.objects.none(), to_field_name="name")
    recipe = forms.ChoiceField(label="Format")
    labels = forms.ChoiceField(label="Labels from")
    subset = forms.CharField(required=False, help_text="Leave empty for all subsets.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dataset"].queryset = (  # type: ignore[attr-defined]
            Dataset.objects.visible_to(user).order_by("name")
        )
        self.fields["recipe"].choices = [(r.name, r.title) for r in RECIPES.values()]  # type: ignore[attr-defined]
        has_verdicts = Exists(Verdict.objects.filter(judge=OuterRef("pk")))
        judges = Judge.objects.filter(has_verdicts, kind__in=["model", "human", "consensus"])
        self.fields["labels"].choices = [  # type: ignore[attr-defined]
            ("best", "the consensus, else people who agree, else the reference"),
            ("human", "people who agree"),
            ("reference", "the reference"),
            *(
                (str(j.pk), f"{j} ({j.get_kind_display()})")
                for j in judges.order_by("kind", "name")
            ),
        ]

    def choices(self) -> Choices:
        return Choices(labels=self.cleaned_data["labels"], subset=self.cleaned_data["subset"])
