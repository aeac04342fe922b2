"""The page of a dataset's near-duplicates, and the action that links variants."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import UserRequest, leads_only, users_only
from traces.duplicates.duplicate_queries import PAGE_SIZE, match_counts, matches_of
from traces.duplicates.variants import link_variant, variants_among
from traces.models import Dataset, Problem, ProblemVariant


class PageForm(forms.Form):
    other = forms.CharField(required=False, max_length=100)
    after = forms.IntegerField(required=False, min_value=0)


class VariantForm(forms.Form):
    problem = forms.ModelChoiceField(Problem.objects.all())
    original = forms.ModelChoiceField(Problem.objects.all())
    kind = forms.ChoiceField(choices=ProblemVariant.Kind.choices)


@require_safe
@users_only
def duplicate_list(request: UserRequest, name: str) -> HttpResponse:
    """Show a page of near-duplicates, in all datasets or in the `other` one."""
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    visible = list(Dataset.objects.visible_to(request.user).values_list("pk", flat=True))
    form = PageForm(request.GET)
    choices = form.cleaned_data if form.is_valid() else {}
    matches = matches_of(
        dataset, visible, with_dataset=choices.get("other", ""), after=choices.get("after") or 0
    )
    context = {
        "dataset": dataset,
        "counts": match_counts(dataset, visible),
        "matches": matches[:PAGE_SIZE],
        "other": choices.get("other", ""),
        "next_after": matches[PAGE_SIZE - 1].pk if len(matches) > PAGE_SIZE else None,
        "linked": variants_among(matches[:PAGE_SIZE]),
        "kinds": ProblemVariant.Kind.choices,
    }
    return render(request, "traces/duplicates/list.html", context)


@require_POST
@leads_only
def variant_link(request: UserRequest, name: str) -> HttpResponse:
    """Link a problem as a variant of another one."""
    form = VariantForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This pair of problems no longer exists.")
        return redirect("traces:duplicate-list", name)
    choices = form.cleaned_data
    try:
        link_variant(choices["problem"], choices["original"], choices["kind"])
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Problems marked as variants.")
    return redirect("traces:duplicate-list", name)
