"""The filter form of the true-error-rate page."""

from django.http import QueryDict

from accounts.models import User
from metrics.pages.filters import FigureFilter, JudgeChoice, SelectionChoice
from traces.models import Judge


class RateFilter(FigureFilter):
    selection = SelectionChoice()
    judge = JudgeChoice(label="Model", empty_label="the one with most verdicts")

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data, user=user)
        field = self.fields["judge"]
        field.queryset = field.queryset.filter(kind=Judge.Kind.MODEL)  # type: ignore[attr-defined]
