"""The form of a curation rule."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from accounts.refusals import show_refusals_on
from exports.curation.rule import JUDGE, Rule, parse_rule
from exports.models import CurationRule
from traces.models import Dataset, Generator, Judge, Problem, SavedFilter, Trace

PLACES = ("label_1", "label_2", "label_3", "label_4")
SOURCES = [
    ("consensus", "consensus"),
    ("human", "people who agree"),
    ("reference", "dataset labels"),
]
# The fields that are the rule's own, by what they are about.
GROUPS = {
    "Label priority": (
        *PLACES, "people", "least_people", "least_confidence", "least_agreement",
    ),
    "Traces": (
        "finding", "error_types", "filter_name", "subsets", "generators", "least_rate",
        "most_rate", "most_characters", "least_steps", "most_steps",
    ),
    "Duplicates": ("duplicates", "keep_benchmarks"),
    "Splits and limits": (
        "validation", "test", "per_problem", "per_generator", "balance", "seed",
    ),
}  # fmt: skip


def _share(label: str, initial: float = 0.0) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "0.05"})
    return forms.FloatField(
        label=label, initial=initial, min_value=0, max_value=1, required=False, widget=widget
    )


def _count(label: str, initial: int | None = None, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, min_value=least, required=False)


class RuleForm(forms.Form):
    """Empty fields are the default. `rule` is the rule, once the form is valid."""

    label_1 = forms.ChoiceField(label="1st")
    label_2 = forms.ChoiceField(label="2nd", required=False)
    label_3 = forms.ChoiceField(label="3rd", required=False)
    label_4 = forms.ChoiceField(label="4th", required=False)
    people = forms.ChoiceField(
        label="People agree if", choices=[("unanimous", "all agree"), ("majority", "most agree")]
    )
    least_people = _count("Minimum people who agree", 1)
    least_confidence = _share("Minimum model confidence")
    least_agreement = _share("Minimum share of judges who agree")
    finding = forms.ChoiceField(
        choices=[("any", "correct and wrong"), ("right", "right"), ("wrong", "wrong")],
        label="Verdict",
    )
    error_types = forms.CharField(
        label="Error types", required=False, help_text="Comma-separated. Leave empty for all."
    )
    subsets = forms.MultipleChoiceField(required=False)
    generators = forms.ModelMultipleChoiceField(Generator.objects.none(), required=False)
    filter_name = forms.ModelChoiceField(
        SavedFilter.objects.none(), label="Saved filter", required=False, to_field_name="name",
        empty_label="none",
    )  # fmt: skip
    least_steps = _count("Minimum steps")
    most_steps = _count("Maximum steps")
    most_characters = _count("Maximum characters")
    least_rate = _share("Minimum success rate per problem")
    most_rate = _share("Maximum success rate per problem", 1.0)
    duplicates = forms.ChoiceField(
        choices=[
            ("same", "remove duplicate traces"),
            ("near", "remove duplicate traces and near-duplicate problems"),
            ("kept", "keep all"),
        ],
    )
    keep_benchmarks = forms.BooleanField(label="Include benchmark problems", required=False)
    validation = _share("Validation share")
    test = _share("Test share")
    per_problem = _count("Maximum traces per problem")
    per_generator = _count("Maximum traces per generator")
    balance = forms.ChoiceField(
        choices=[
            ("none", "none"),
            ("split", "as many wrong as correct traces per split"),
            ("problem", "as many wrong as correct traces per problem"),
        ],
    )
    seed = _count("Seed", 0, least=0)
    name = forms.CharField(max_length=100, required=False, label="Rule name")

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.dataset = dataset
        self.rule: Rule | None = None
        judges = _judges(dataset)
        for place in PLACES:
            nobody = [] if place == PLACES[0] else [("", "none")]
            self.fields[place].choices = [*nobody, *SOURCES, *judges]  # type: ignore[attr-defined]
        subsets = Problem.objects.filter(dataset=dataset).values_list("subset", flat=True)
        self.fields["subsets"].choices = [  # type: ignore[attr-defined]
            (name, name or "(no subset)") for name in sorted(set(subsets.distinct()))
        ]
        self.fields["generators"].queryset = _generators(dataset)  # type: ignore[attr-defined]
        saved = SavedFilter.objects.filter(dataset=dataset).order_by("name")
        self.fields["filter_name"].queryset = saved  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        with show_refusals_on(self):
            self.rule = parse_rule(_stored(cleaned))
        return cleaned

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in GROUPS.items()]


def initial_of(version: CurationRule | None) -> dict[str, Any]:
    """Return the form's values for a saved rule, or for the default one."""
    rule = parse_rule(version.rule) if version else Rule()
    initial: dict[str, Any] = {name: getattr(rule, name) for name in Rule.__struct_fields__}
    initial |= dict(zip(PLACES, rule.labels, strict=False))
    initial["error_types"] = ", ".join(rule.error_types)
    initial["filter_name"] = rule.filter_name or None
    initial["name"] = version.name if version else ""
    return initial


def _stored(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return a rule's JSON from the form's values; an empty one keeps the rule's default."""
    values = {name: cleaned.get(name) for name in Rule.__struct_fields__}
    values["labels"] = [cleaned[place] for place in PLACES if cleaned.get(place)]
    named = (kind.strip() for kind in cleaned["error_types"].split(","))
    values["error_types"] = [kind for kind in named if kind]
    values["generators"] = [generator.pk for generator in cleaned["generators"]]
    saved = cleaned.get("filter_name")
    values["filter_name"] = saved.name if saved else ""
    values["filter"] = saved.choices if saved else {}
    return {name: value for name, value in values.items() if value is not None}


def _judges(dataset: Dataset) -> list[tuple[str, str]]:
    kinds = [Judge.Kind.MODEL, Judge.Kind.HUMAN]
    judges = Judge.objects.who_judged(dataset).filter(kind__in=kinds)
    return [
        (f"{JUDGE}{judge.pk}", f"{judge} ({judge.get_kind_display()})")
        for judge in judges.order_by("kind", "name")
    ]


def _generators(dataset: Dataset) -> Any:
    present = Exists(Trace.objects.filter(dataset=dataset, generator=OuterRef("pk")))
    return Generator.objects.filter(present).order_by("name", "revision")
