"""Copies and variants of a dataset's problems."""

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
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    visible = list(Dataset.objects.visible_to(request.user).values_list("pk", flat=True))
    form = PageForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = matches_of(
        dataset, visible, with_dataset=chosen.get("other", ""), after=chosen.get("after") or 0
    )
    context = {
        "dataset": dataset,
        "counts": match_counts(dataset, visible),
        "matches": found[:PAGE_SIZE],
        "other": chosen.get("other", ""),
        "next_after": found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
        "linked": variants_among(found[:PAGE_SIZE]),
        "kinds": ProblemVariant.Kind.choices,
    }
    return render(request, "traces/duplicates/list.html", context)


@require_POST
@leads_only
def variant_link(request: UserRequest, name: str) -> HttpResponse:
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
