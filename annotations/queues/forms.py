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
            raise ValidationError(
                f"There are {len(lines)} error types; at most {MOST_TYPES} are possible."
            )
        types = [_error_type(line, number) for number, line in enumerate(lines, start=1)]
        for name in ("name", "key"):
            values = [error_type[name] for error_type in types]
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice is not None:
                raise ValidationError(f"The {name} {twice!r} is used twice.")
        return types


def _error_type(line: str, number: int) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|", 2)]
    if len(parts) != 3:
        raise ValidationError(f"Line {number}: use the form name | key | meaning.")
    name, key, meaning = parts
    if not TYPE_NAME.fullmatch(name):
        raise ValidationError(
            f"Line {number}: {name!r} is not a valid name. Use lower-case letters."
        )
    if len(key) != 1 or not key.isalpha() or not key.islower():
        raise ValidationError(f"Line {number}: the key must be one lower-case letter, not {key!r}.")
    if key in shortcuts.RESERVED:
        raise ValidationError(f"Line {number}: the key {key!r} is already used by the review page.")
    return {"name": name, "key": key, "meaning": meaning}


# The sections of the form. Sections that most queues leave unchanged are folded.
SECTIONS = [
    ("Traces", True, ["name", "saved_filter", "disagreeing", "is_for_everyone"]),
    ("Labels & guidelines", True, ["guidelines", "label_scheme", "error_types", "ask_severity"]),
    (
        "Reviewers & consensus",
        True,
        ["overlap", "max_overlap", "rule", "unresolved", "bad_problem_limit", "give_up_limit"],
    ),
    ("Order & sample", False, ["order", "threshold", "random_share"]),
    ("Model verdicts", False, ["opinions", "blind_share"]),
    (
        "Gold items",
        False,
        ["gold_share", "gold_feedback", "pass_mark", "drift_bound", "drift_window"],
    ),
    ("Idle items", False, ["lease_minutes"]),
]


class QueueForm(forms.ModelForm):
    """The rules of a queue, new or existing."""

    error_types = ErrorTypesField(
        label="Error types",
        help_text="One per line: name | key | meaning.",
        required=False,
        initial=default_error_types,
    )
    disagreeing = forms.ModelMultipleChoiceField(
        Judge.objects.none(),
        required=False,
        label="Only where these judges disagree",
        help_text=(
            "Choose two or more judges. Traces where all of them name the same step are excluded."
        ),
    )

    class Meta:
        model = Queue
        fields = ["name", *(rule for rule in RULES if rule not in {"choices", "seed"})]
        labels = {
            "saved_filter": "Traces",
            "rule": "Consensus",
            "unresolved": "Items without consensus",
            "overlap": "Reviewers per item",
            "max_overlap": "Maximum reviewers",
            "threshold": "Most uncertain score",
            "opinions": "Model verdicts",
            "is_for_everyone": "Open to everyone",
            "random_share": "Random sample share",
            "blind_share": "Share without model verdicts",
            "pass_mark": "Screening pass rate",
            "drift_bound": "Minimum rolling gold accuracy",
            "drift_window": "Gold items in the rolling accuracy",
            "lease_minutes": "Minutes until an idle item is returned",
            "bad_problem_limit": "Retire the item after N “bad problem” reports",
            "give_up_limit": "Retire the item after N “too hard” or “unsure”",
            "gold_feedback": "Give feedback on gold items right away",
            "ask_severity": "Ask for the severity of errors",
        }
        help_texts = {
            "saved_filter": "A saved filter of the dataset. Leave empty for all traces.",
            "guidelines": "Markdown. The key w shows them on the review page.",
            "random_share": (
                "Share of items (0 to 1) sampled uniformly at random. Estimates "
                "of the true error rate need it."
            ),
            "blind_share": "Share of items (0 to 1) whose reviewers never see model verdicts.",
            "gold_share": "Share of gold items (0 to 1). They look like other items.",
            "drift_bound": "Reviewers below this share are paused. 0 turns this off.",
            "pass_mark": "Share of screening items (0 to 1) that a new reviewer has to get right.",
        }
        widgets = {"guidelines": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dataset = dataset
        if not self.instance.pk:
            self.initial.setdefault("is_for_everyone", True)
        self.fields["saved_filter"].queryset = dataset.saved_filters.order_by("name")  # type: ignore[attr-defined]
        self.fields["saved_filter"].empty_label = "all traces"  # type: ignore[attr-defined]
        judges = Judge.objects.who_judged(dataset).order_by("name")
        self.fields["disagreeing"].queryset = judges  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Queue.objects.filter(dataset=self.dataset, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(
                f"{self.dataset.name} already has a queue {name!r}. Choose another name."
            )
        return name

    def clean_guidelines(self) -> str:
        """Return the text with stored line ends: a form posts others, which is no change."""
        return str(self.cleaned_data["guidelines"]).replace("\r\n", "\n")

    def clean_disagreeing(self) -> list[int]:
        judges = sorted(judge.pk for judge in self.cleaned_data["disagreeing"])
        if len(judges) == 1:
            raise ValidationError("Choose at least two judges, or none.")
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
    name = forms.CharField(max_length=100, label="Name of the copy")
