from typing import Any

from django import forms

from traces.models import Dataset, DatasetMember, SavedFilter


class DatasetForm(forms.ModelForm):
    class Meta:
        model = Dataset
        fields = ["description", "is_benchmark", "members_only"]
        labels = {"is_benchmark": "This is a benchmark", "members_only": "Private to members"}
        help_texts = {
            "is_benchmark": (
                "Its problems are excluded from training exports, and "
                "duplicates in other datasets are flagged."
            ),
            "members_only": "Visible to members and leads only.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}


class MemberForm(forms.ModelForm):
    class Meta:
        model = DatasetMember
        fields = ["user", "role"]
        labels = {"user": "Person"}

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dataset = dataset
        user_field = self.fields["user"]
        user_field.queryset = user_field.queryset.filter(is_active=True).order_by("username")  # type: ignore[attr-defined]

    def save(self, commit: bool = True) -> DatasetMember:
        """Add the member, or give an existing one the new role."""
        member, _ = DatasetMember.objects.update_or_create(
            dataset=self.dataset,
            user=self.cleaned_data["user"],
            defaults={"role": self.cleaned_data["role"]},
        )
        return member


class SavedFilterForm(forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ["name"]
        labels = {"name": "Filter name"}
