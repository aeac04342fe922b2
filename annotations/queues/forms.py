"""The forms of a queue's rules."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from annotations import shortcuts
from annotations.models import Queue
from annotations.models.queue import default_error_types
from annotations.queues.operations import RULES
from traces.models import Dataset, Judge

TYPE_NAME = re.compile(r"[a-z][a-z0-9 _-]{0,39}")
MOST_TYPES = 20


class ErrorTypesField(forms.CharField):
    """Error types, one on each line: name | key | meaning."""

    widget = forms.Textarea(attrs={"rows": 8})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{t['name']} | {t['key']} | {t['meaning']}" for t in value)

    def clean(self, value: Any) -> list[dict[str, str]]:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_TYPES:
            raise ValidationError(f"{len(lines)} types are more than keys: write {MOST_TYPES}.")
        types = [_error_type(line, number) for number, line in enumerate(lines, start=1)]
        for name in ("name", "key"):
            values = [error_type[name] for error_type in types]
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice is not None:
                raise ValidationError(f"The {name} {twice!r} stands twice.")
        return types


def _error_type(line: str, number: int) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|", 2)]
    if len(parts) != 3:
        raise ValidationError(f"Line {number}: write name | key | meaning.")
    name, key, meaning = parts
    if not TYPE_NAME.fullmatch(name):
        raise ValidationError(f"Line {number}: {name!r} is no name; use small letters.")
    if len(key) != 1 or not key.isalpha() or not key.islower():
        raise ValidationError(f"Line {number}: the key is one small letter, not {key!r}.")
    if key in shortcuts.RESERVED:
        raise ValidationError(f"Line {number}: the key {key!r} is one of the page's own.")
    return {"name": name, "key": key, "meaning": meaning}


# The sections of the form. Those that most queues leave unchanged are folded.
SECTIONS = [
    ("Traces", True, ["name", "saved_filter", "disagreeing", "is_for_everyone"]),
    ("What is asked", True, ["guidelines", "label_scheme", "error_types", "ask_severity"]),
    (
        "How many people, and when they agree",
        True,
        ["overlap", "max_overlap", "rule", "unresolved", "bad_problem_limit", "give_up_limit"],
    ),
    ("Order and sample", False, ["order", "threshold", "random_share"]),
    ("What models said", False, ["opinions", "blind_share"]),
    (
        "Known answers",
        False,
        ["gold_share", "gold_feedback", "pass_mark", "drift_bound", "drift_window"],
    ),
    ("Leases", False, ["lease_minutes"]),
]


class QueueForm(forms.ModelForm):
    """The rules of a queue, new or existing."""

    error_types = ErrorTypesField(
        label="Error types",
        help_text="A line each: name | key | meaning.",
        required=False,
        initial=default_error_types,
    )
    disagreeing = forms.ModelMultipleChoiceField(
        Judge.objects.none(),
        required=False,
        label="Only where these judges disagree",
        help_text="Two or more judges; traces on which all name the same step are left out.",
    )

    class Meta:
        model = Queue
        fields = ["name", *(rule for rule in RULES if rule not in {"choices", "seed"})]
        labels = {
            "saved_filter": "Traces",
            "rule": "Consensus",
            "unresolved": "Without consensus an item",
            "overlap": "People asked of each item",
            "max_overlap": "At most",
            "threshold": "Score that is least sure",
            "opinions": "What models said is",
            "is_for_everyone": "Everyone may work in it",
            "lease_minutes": "Minutes until an idle lease ends",
            "bad_problem_limit": "So many call the problem bad, and the item leaves the line",
            "give_up_limit": "So many give up or are unsure, and the item leaves the line",
            "gold_feedback": "Say at once whether a known answer was met",
            "ask_severity": "Ask how severe an error is",
        }
        help_texts = {
            "saved_filter": "A saved filter of the dataset; without one, all of its traces.",
            "guidelines": "Markdown, with worked examples; shown by a key on the review page.",
            "random_share": "The share, 0 to 1, that is a uniformly random sample: what estimates"
            " of the true error rate rest on.",
            "blind_share": "The share of items whose reviewer never sees what models data.",
            "gold_share": "The share of items with a known answer, mixed in silently.",
            "drift_bound": "Whoever gets fewer of the last gold items right is paused; 0 is never.",
            "pass_mark": "The share of the screening items that a newcomer must get right.",
        }
        widgets = {"guidelines": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dataset = dataset
        if not self.instance.pk:
            self.initial.setdefault("is_for_everyone", True)
        self.fields["saved_filter"].queryset = dataset.saved_filters.order_by("name")  # type: ignore[attr-defined]
        self.fields["saved_filter"].empty_label = "all of the dataset"  # type: ignore[attr-defined]
        judges = Judge.objects.who_judged(dataset).order_by("name")
        self.fields["disagreeing"].queryset = judges  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Queue.objects.filter(dataset=self.dataset, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(f"{self.dataset.name} has a queue {name!r}; take another name.")
        return name

    def clean_guidelines(self) -> str:
        """Return the text with stored line ends: a form posts others, which is no change."""
        return str(self.cleaned_data["guidelines"]).replace("\r\n", "\n")

    def clean_disagreeing(self) -> list[int]:
        judges = sorted(judge.pk for judge in self.cleaned_data["disagreeing"])
        if len(judges) == 1:
            raise ValidationError("One judge can't disagree; choose two or more, or none.")
        return judges

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rule") == Queue.Rule.PROCESSBENCH and "overlap" in data:
            data["overlap"] = max(3, data["overlap"])
            data["max_overlap"] = max(5, data.get("max_overlap") or 0)
        if "overlap" in data and (data.get("max_overlap") or 0) < data["overlap"]:
            data["max_overlap"] = data["overlap"]
        return data

    @property
    def sections(self) -> list[tuple[str, bool, list[forms.BoundField]]]:
        """The sections of the form: title, whether it is open, fields."""
        sections = []
        for title, is_open, names in SECTIONS:
            fields = [self[name] for name in names]
            sections.append((title, is_open or any(field.errors for field in fields), fields))
        return sections

    @property
    def rules(self) -> dict[str, Any]:
        """The rules by name, as `create_queue` and `change_rules` take them."""
        data = dict(self.cleaned_data)
        data.pop("name")
        saved = data["saved_filter"]
        return data | {"choices": saved.choices if saved else {}}


class DuplicateForm(forms.Form):
    name = forms.CharField(max_length=100, label="Duplicate as")
