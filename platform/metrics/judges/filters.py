"""The filter forms of the leaderboard and of the lists of outcomes."""

from django import forms

from metrics.judges.outcomes import OUTCOMES
from metrics.pages.filters import FigureFilter, JudgeChoice, SelectionChoice
from metrics.stats.paired_tests import CORRECTIONS


class LeaderboardFilter(FigureFilter):
    selection = SelectionChoice()
    reference = JudgeChoice(label="Reference")
    against = JudgeChoice(label="Baseline", empty_label="best judge")
    published = forms.ChoiceField(
        required=False,
        choices=[("shown", "shown"), ("hidden", "hidden")],
        label="Published results",
    )
    kept = frozenset({"correction"})
    correction = forms.ChoiceField(
        required=False,
        choices=[(name, each.name) for name, each in CORRECTIONS.items()],
        widget=forms.HiddenInput,
    )


class OutcomeFilter(FigureFilter):
    selection = SelectionChoice()
    reference = JudgeChoice(label="Reference")
    outcome = forms.ChoiceField(
        required=False,
        choices=[(name, outcome.label) for name, outcome in OUTCOMES.items()],
    )
    own = frozenset({"outcome", "page"})
    kept = frozenset({"bins"})
    bins = forms.ChoiceField(
        required=False,
        choices=[("width", "equal width"), ("mass", "equal counts")],
        widget=forms.HiddenInput,
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
