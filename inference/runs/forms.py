"""The form that starts or schedules a run."""

from typing import Any

from django import forms

from accounts.models import User
from inference.backends import BACKENDS
from inference.models import Priority, Schedule, Scorer, ScoringRun
from inference.runs.schedules.scheduler import create_schedule
from inference.runs.start import start_run
from inference.scorers.registry import builtin_names, get_scorer
from traces.models import Dataset, SavedFilter


class SavedFilterField(forms.ModelChoiceField):
    """One of any dataset's: the choice says whose it is."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.dataset.name}: {obj.name}"


class RunForm(forms.Form):
    """Which scorer judges which traces, and when."""

    NOW = "now"

    scorer = forms.ChoiceField()
    dataset = forms.ModelChoiceField(
        Dataset.objects.none(), to_field_name="name", empty_label="choose one"
    )
    saved_filter = SavedFilterField(
        SavedFilter.objects.none(), required=False, empty_label="all traces", label="Traces"
    )
    only_missing = forms.BooleanField(
        required=False, label="Skip traces already scored", initial=False
    )
    priority = forms.ChoiceField(choices=Priority.choices, initial=Priority.NORMAL, required=False)
    when = forms.ChoiceField(
        choices=[(NOW, "now"), *Schedule.When.choices], initial=NOW, required=False
    )
    at = forms.DateTimeField(
        required=False,
        label="Time",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    cron = forms.CharField(
        required=False,
        max_length=200,
        label="Cron schedule",
        widget=forms.TextInput({"placeholder": "30 2 * * 1-5"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        datasets = Dataset.objects.visible_to(user).order_by("name")
        self.fields["dataset"].queryset = datasets  # type: ignore[attr-defined]
        saved = SavedFilter.objects.filter(dataset__in=datasets).select_related("dataset")
        self.fields["saved_filter"].queryset = saved.order_by(  # type: ignore[attr-defined]
            "dataset__name", "name"
        )
        own = Scorer.objects.exclude(backend__in=builtin_names()).order_by("name")
        self.fields["scorer"].choices = [  # type: ignore[attr-defined]
            *((name, f"{name}: {BACKENDS[name].description}") for name in builtin_names()),
            *((scorer.name, f"{scorer.name} ({scorer.get_kind_display()})") for scorer in own),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        when = cleaned.get("when") or self.NOW
        if when == Schedule.When.AT and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", "Enter a time.")
        if when == Schedule.When.CRON and not cleaned.get("cron"):
            self.add_error("cron", "Enter a cron schedule, such as 30 2 * * 1-5.")
        saved, dataset = cleaned.get("saved_filter"), cleaned.get("dataset")
        if saved and dataset and saved.dataset_id != dataset.pk:
            self.add_error(
                "saved_filter", f"This filter belongs to another dataset than {dataset.name}."
            )
        return cleaned

    def submit(self, user: User) -> ScoringRun | Schedule:
        """Return the started run, or the schedule that will start one. Raises ScoringRefused."""
        asked = self.cleaned_data
        scorer = get_scorer(asked["scorer"])
        chosen: dict[str, Any] = {
            "dataset": asked["dataset"],
            "created_by": user,
            "filter_name": asked["saved_filter"].name if asked["saved_filter"] else "",
            "only_missing": asked["only_missing"],
            "priority": int(asked["priority"] or Priority.NORMAL),
        }
        when = asked["when"] or self.NOW
        if when == self.NOW:
            return start_run(scorer, **chosen)
        return create_schedule(
            scorer,
            at=asked["at"] if when == Schedule.When.AT else None,
            cron=asked["cron"] if when == Schedule.When.CRON else "",
            **chosen,
        )
