"""Pages of exports: the list, a new one, one with its files."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import show_refusals, show_refusals_on
from accounts.rules import UserRequest, leads_only
from exports.curation.rule import parse_rule
from exports.curation.rule_summary import describe_rule
from exports.export_job import start_export
from exports.forms import ExportForm, StartForm
from exports.hub.forms import PushForm
from exports.lineage.forms import RowForm
from exports.models import Export
from exports.option_fields import describe_options
from exports.recipe_reference import example_in_json
from exports.recipes import RECIPES
from exports.storage.range_download import download
from jobs.transitions import cancel
from traces.models import Dataset
from web.fragments import render_fragment

PAGE_SIZE = 100


@require_safe
@leads_only
def export_list(request: UserRequest) -> HttpResponse:
    """Show the exports, newest first, and the form that begins a new one."""
    name = request.GET.get("dataset")
    form = StartForm(initial={"dataset": name}, user=request.user)
    found = Export.objects.select_related("dataset", "rule_version").order_by("-pk")
    exports = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    dataset = Dataset.objects.visible_to(request.user).filter(name=name).first() if name else None
    context = {"form": form, "exports": exports, "dataset": dataset}
    return render(request, "exports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def export_create(request: UserRequest) -> HttpResponse:
    """Show the choices of one dataset and recipe, which the address names."""
    start = StartForm(request.GET, user=request.user)
    if not start.is_valid():
        return redirect("exports:export-list")
    dataset, recipe = start.cleaned_data["dataset"], RECIPES[start.cleaned_data["recipe"]]
    form = ExportForm(
        request.POST or None,
        dataset=dataset,
        recipe=recipe,
        initial={"rule": request.GET.get("rule")},
    )
    if form.is_valid():
        with show_refusals_on(form):
            export = start_export(
                dataset,
                recipe=recipe.name,
                rule=form.chosen_rule(),
                options=form.chosen_options(),
                layout=form.chosen_layout(),
                to_bucket=form.cleaned_data.get("to_bucket", False),
                created_by=request.user,
            )
            return redirect("exports:export-detail", export.pk)
    context = {
        "form": form,
        "dataset": dataset,
        "recipe": recipe,
        "example": example_in_json(recipe),
    }
    return render(request, "exports/create.html", context)


@require_safe
@leads_only
def export_detail(request: UserRequest, pk: int) -> HttpResponse:
    exports = Export.objects.select_related("dataset", "created_by", "rule_version")
    export = get_object_or_404(exports, pk=pk)
    recipe = RECIPES[export.recipe]
    context = {
        "export": export,
        "recipe": recipe,
        "rule_lines": describe_rule(parse_rule(export.rule)),
        "option_lines": describe_options(recipe, export.options),
        "pushes": export.pushes.order_by("-pk")[:5],
        "push_form": PushForm() if settings.HUB_TOKEN else None,
        "row_form": RowForm(export=export),
    }
    return render_fragment(request, "exports/detail.html", "state", context)


@require_POST
@leads_only
@show_refusals("exports:export-detail", "pk")
def export_cancel(request: UserRequest, pk: int) -> HttpResponse:
    cancel(get_object_or_404(Export, pk=pk))
    return redirect("exports:export-detail", pk)


@require_safe
@leads_only
def export_file(request: UserRequest, pk: int, name: str) -> HttpResponseBase:
    """Return one file of a finished export, or a part of it."""
    export = get_object_or_404(Export, pk=pk, status=Export.Status.FINISHED)
    return download(export, name, request.headers)
