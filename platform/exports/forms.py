"""The forms of an export: what to export, and how to write it."""

from typing import Any

import msgspec
from django import forms

from accounts.models import User
from exports.curation.rule import Rule
from exports.curation.rule_versions import newest_rules
from exports.files.layout import Layout
from exports.models import CurationRule
from exports.option_fields import fields_of, values_of
from exports.recipes import RECIPES
from exports.recipes.base import Recipe
from exports.storage.export_store import has_bucket
from traces.models import Dataset

OPTION = "option-"
LAYOUT = "layout-"


class StartForm(forms.Form):
    """Dataset and recipe: the remaining choices depend on them."""

    dataset = forms.ModelChoiceField(
        Dataset.objects.none(), to_field_name="name", empty_label="choose one"
    )
    recipe = forms.ChoiceField(label="Recipe")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dataset"].queryset = (  # type: ignore[attr-defined]
            Dataset.objects.visible_to(user).order_by("name")
        )
        self.fields["recipe"].choices = [(r.name, r.title) for r in RECIPES.values()]  # type: ignore[attr-defined]


class ExportForm(forms.Form):
    """Rule, recipe options and files."""

    rule = forms.ModelChoiceField(
        CurationRule.objects.none(),
        required=False,
        empty_label="Default rule: consensus, unanimous people, dataset labels",
    )
    to_bucket = forms.BooleanField(label="Store in the S3 bucket", required=False)

    def __init__(self, *args: Any, dataset: Dataset, recipe: Recipe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipe = recipe
        newest = [rule.pk for rule in newest_rules(dataset)]
        rules = CurationRule.objects.filter(pk__in=newest).order_by("name")
        self.fields["rule"].queryset = rules  # type: ignore[attr-defined]
        for name, field in fields_of(recipe.options):
            self.fields[OPTION + name] = field
        for name, field in fields_of(Layout):
            self.fields[LAYOUT + name] = field
        if not has_bucket():
            del self.fields["to_bucket"]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields by subject, leaving out empty groups."""
        options = [field for field in self if field.name.startswith(OPTION)]
        files = [f for f in self if f.name.startswith(LAYOUT) or f.name == "to_bucket"]
        groups = [("Traces", [self["rule"]]), ("Row content", options), ("Files", files)]
        return [(title, fields) for title, fields in groups if fields]

    def chosen_rule(self) -> CurationRule | Rule:
        return self.cleaned_data["rule"] or Rule()

    def chosen_options(self) -> dict[str, Any]:
        return values_of(self.recipe.options, self.cleaned_data, OPTION)

    def chosen_layout(self) -> Layout:
        return msgspec.convert(values_of(Layout, self.cleaned_data, LAYOUT), Layout)
