"""Pages of curation rules: the list, and the editor with its counts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import show_refusals_on
from accounts.rules import UserRequest, leads_only
from exports.curation.forms import RuleForm, initial_of
from exports.curation.rule_preview import Counts, count
from exports.curation.rule_versions import newest_rules, save_rule
from exports.models import CurationRule
from exports.recipes import RECIPES
from traces.models import Dataset
from web.fragments import render_fragment


@require_safe
@leads_only
def rule_list(request: UserRequest, name: str) -> HttpResponse:
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    context = {"dataset": dataset, "rules": newest_rules(dataset)}
    return render(request, "exports/curation/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def rule_create(request: UserRequest, name: str) -> HttpResponse:
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    return _edit(request, dataset, None)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def rule_detail(request: UserRequest, name: str, pk: int) -> HttpResponse:
    """Show a version of a rule; saving it makes the next one."""
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    return _edit(request, dataset, get_object_or_404(CurationRule, pk=pk, dataset=dataset))


def _edit(request: UserRequest, dataset: Dataset, version: CurationRule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, dataset=dataset, initial=initial_of(version))
    if form.is_valid() and "count" not in request.POST and form.rule:
        with show_refusals_on(form, "name"):
            saved = save_rule(
                dataset, form.cleaned_data["name"], form.rule, created_by=request.user
            )
            messages.success(request, f"Saved as {saved.name}, version {saved.version}.")
            return redirect("exports:rule-detail", dataset.name, saved.pk)
    context = {
        "dataset": dataset,
        "form": form,
        "version": version,
        "versions": _versions(version),
        "recipes": list(RECIPES.values()),
        "counts": _counts(form, dataset),
    }
    return render_fragment(request, "exports/curation/edit.html", "counts", context)


def _counts(form: RuleForm, dataset: Dataset) -> Counts | None:
    """Return the counts of the rule in the form, once it was sent to be counted."""
    if "count" not in form.data or not form.is_valid() or form.rule is None:
        return None
    with show_refusals_on(form):
        return count(dataset, form.rule)
    return None


def _versions(version: CurationRule | None) -> list[CurationRule]:
    if version is None:
        return []
    same = CurationRule.objects.filter(dataset=version.dataset_id, name=version.name)
    return list(same.select_related("created_by").order_by("-version"))
