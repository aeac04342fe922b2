"""The filter forms of the agreement pages."""

from django import forms

from metrics.pages.filters import FigureFilter, SelectionChoice

AGREEMENT_FIGURES = {
    "exact": "exact step",
    "within": "within one step",
    "cohen": "Cohen’s kappa",
    "found_exact": "an error at all",
    "found_cohen": "Cohen’s kappa, an error at all",
}


class AgreementFilter(FigureFilter):
    figure = forms.ChoiceField(
        required=False, label="Agreement on", choices=list(AGREEMENT_FIGURES.items())
    )


class RaterFilter(FigureFilter):
    selection = SelectionChoice()
    queue = forms.IntegerField(required=False, min_value=1, label="Review queue number")
