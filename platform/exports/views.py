from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import UserRequest, leads_only
from exports.exporting import folder_of, start_export
from exports.forms import ExportForm
from exports.models import Export

PAGE_SIZE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def export_list(request: UserRequest) -> HttpResponse:
    """The exports, and the form for a new one."""
    if request.method == "POST":
        form = ExportForm(request.POST, user=request.user)
        if form.is_valid():
            export = start_export(
                form.cleaned_data["dataset"],
                recipe=form.cleaned_data["recipe"],
                choices=form.choices(),
                created_by=request.user,
            )
            return redirect("exports:export-detail", export.pk)
    else:
        form = ExportForm(initial={"dataset": request.GET.get("dataset")}, user=request.user)
    exports = Export.objects.select_related("dataset").order_by("-pk")[:PAGE_SIZE]
    return render(request, "exports/export_list.html", {"form": form, "exports": exports})


@require_safe
@leads_only
def export_detail(request: UserRequest, pk: int) -> HttpResponse:
    export = get_object_or_404(Export.objects.select_related("dataset", "created_by"), pk=pk)
    template = "exports/export_detail.html"
    if getattr(request, "htmx", False):
        template += "#state"
    return render(request, template, {"export": export})


@require_safe
@leads_only
def export_file(request: UserRequest, pk: int, name: str) -> FileResponse:
    """One file of a finished export; only those that its manifest names, and its two own."""
    export = get_object_or_404(Export, pk=pk, status=Export.Status.FINISHED)
    known = {"manifest.json", "README.md", *(export.manifest or {}).get("files", {})}
    path = folder_of(export) / name
    if name not in known or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{pk}-{name}")
