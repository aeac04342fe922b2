"""What a page of figures is about, as it stands in its address."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from accounts.models import User
from metrics.outcomes import OUTCOMES
from traces.models import Dataset, Generator, Judge, Verdict


class DatasetChoice(forms.ModelChoiceField):
    """Datasets by name; none chosen means all."""

    def __init__(self) -> None:
        super().__init__(
            Dataset.objects.none(),
            to_field_name="name",
            required=False,
            empty_label="all datasets",
            error_messages={"invalid_choice": "There is no dataset of that name."},
        )


class JudgeChoice(forms.ModelChoiceField):
    """Judges that have judged something, other than datasets' own labels, which are the default."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Judge.objects.none(),
            required=False,
            empty_label="dataset labels",
            error_messages={"invalid_choice": "There is no judge of that number with verdicts."},
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.get_kind_display()})"


class FigureFilter(forms.Form):
    """A page without a dataset in its address is about the newest one that has labels."""

    dataset = DatasetChoice()
    # Fields that a link sets itself, or that lead somewhere else.
    own = frozenset[str]()

    def __init__(self, data: QueryDict, *, user: User) -> None:
        data = data.copy()
        datasets = Dataset.objects.visible_to(user).order_by("name")
        if "dataset" not in data:
            labelled = datasets.filter(reference_judge__isnull=False)
            newest = labelled.order_by("-created_at").values_list("name", flat=True).first()
            data["dataset"] = newest or ""
        super().__init__(data, label_suffix="")
        self.fields["dataset"].queryset = datasets  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, JudgeChoice):
                field.queryset = _judges_with_verdicts()

    @property
    def query(self) -> str:
        """The address's own query, for links that lead to the same choice in another form."""
        chosen = QueryDict(mutable=True)
        for name in [name for name in self.fields if name not in self.own]:
            # An empty dataset says something: all of them.
            if self.data.get(name) or name == "dataset":
                chosen[name] = self.data.get(name, "")
        return chosen.urlencode()


class LeaderboardFilter(FigureFilter):
    reference = JudgeChoice(label="Measured against")
    published = forms.ChoiceField(
        required=False,
        choices=[("shown", "shown"), ("hidden", "hidden")],
        label="Published figures",
    )


class OutcomeFilter(FigureFilter):
    reference = JudgeChoice(label="Measured against")
    outcome = forms.ChoiceField(
        required=False,
        choices=[(name, outcome.label) for name, outcome in OUTCOMES.items()],
    )
    own = frozenset({"outcome", "page"})
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class GeneratorFilter(FigureFilter):
    judge = JudgeChoice(label="Errors by")
    generator = forms.ModelChoiceField(
        Generator.objects.all(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: QueryDict, *, user: User, generator: Generator | None = None) -> None:
        super().__init__(data, user=user)
        if generator is not None:
            self.data["generator"] = str(generator.pk)  # type: ignore[index]


def _judges_with_verdicts() -> QuerySet[Judge]:
    has_verdicts = Exists(Verdict.objects.current().filter(judge=OuterRef("pk")))
    return Judge.objects.filter(has_verdicts).exclude(kind="reference").order_by("kind", "name")
