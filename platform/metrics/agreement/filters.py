"""The filter forms of the agreement pages."""

from django import forms

from metrics.pages.filters import FigureFilter, SelectionChoice

AGREEMENT_FIGURES = {
    "exact": "exact step",
    "within": "within one step",
    "cohen": "Cohen’s κ",
    "found_exact": "error vs. no error",
    "found_cohen": "Cohen’s κ (error vs. no error)",
}


class AgreementFilter(FigureFilter):
    figure = forms.ChoiceField(
        required=False, label="Agreement on", choices=list(AGREEMENT_FIGURES.items())
    )


class RaterFilter(FigureFilter):
    selection = SelectionChoice()
    queue = forms.IntegerField(required=False, min_value=1, label="Number of the review queue")
