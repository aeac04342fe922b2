"""The filter form of the generators' pages."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import User
from metrics.models import Source
from metrics.pages.filters import FigureFilter, JudgeChoice
from metrics.reports.query import MetricsQuery
from traces.models import Generator


class GeneratorFilter(FigureFilter):
    judge = JudgeChoice(label="Errors according to")
    generator = forms.ModelChoiceField(
        Generator.objects.none(), required=False, widget=forms.HiddenInput
    )
    compare_with = forms.ModelChoiceField(
        Generator.objects.order_by("name", "revision"),
        required=False,
        empty_label="none",
        label="Compare with",
    )

    def __init__(self, data: QueryDict, *, user: User, generator: Generator | None = None) -> None:
        super().__init__(data, user=user)
        self.fields["generator"].queryset = Generator.objects.visible_to(user)  # type: ignore[attr-defined]
        seen = Source.objects.filter(dataset_id__in=self.visible.values("pk"))
        compare_with = self.fields["compare_with"]
        compare_with.queryset = compare_with.queryset.filter(pk__in=seen.values("generator_id"))  # type: ignore[attr-defined]
        if generator is not None:
            self.data["generator"] = str(generator.pk)  # type: ignore[index]
        else:
            self.fields["compare_with"].widget = forms.HiddenInput()

    def metrics_query(self, **more: Any) -> MetricsQuery:
        judge = self.cleaned_data.get("judge")
        return replace(super().metrics_query(**more), reference=judge.pk if judge else None)
