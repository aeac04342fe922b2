from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import show_refusals
from accounts.rules import UserRequest, leads_only
from jobs.transitions import cancel
from traces.imports.page import ImportPage
from traces.models import Import
from web.csv_writer import csv_lines
from web.fragments import render_fragment

SHOWN_REJECTIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def import_create(request: UserRequest) -> HttpResponse:
    """Show the form, then a preview of the sent source, then start the import from there."""
    page = ImportPage(request)
    if request.method == "POST":
        page.read()
        if page.preview and request.POST.get("action") == "import":
            started = page.start()
            if started:
                return redirect("traces:import-detail", started.pk)
    failed = bool(page.where.errors or page.how.errors)
    return render(
        request, "traces/imports/create.html", {"page": page}, status=400 if failed else 200
    )


@require_safe
@leads_only
def import_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of an import and its first rejected rows."""
    import_run = get_object_or_404(Import.objects.select_related("dataset"), pk=pk)
    rejections = import_run.rejections.order_by("pk")[:SHOWN_REJECTIONS]
    context = {"import": import_run, "rejections": rejections}
    return render_fragment(request, "traces/imports/detail.html", "state", context)


@require_POST
@leads_only
@show_refusals("traces:import-detail", "pk")
def import_cancel(request: UserRequest, pk: int) -> HttpResponse:
    cancel(get_object_or_404(Import, pk=pk))
    return redirect("traces:import-detail", pk)


@require_safe
@leads_only
def import_rejections(request: UserRequest, pk: int) -> StreamingHttpResponse:
    """Download all rejected rows as CSV."""
    import_run = get_object_or_404(Import, pk=pk)
    response = StreamingHttpResponse(_report(import_run), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-rejected.csv"'
    return response


def _report(import_run: Import) -> Iterator[str]:
    columns = ["line", "field", "reason", "excerpt"]
    rows = import_run.rejections.order_by("pk").values_list(*columns)
    return csv_lines(columns, rows.iterator(chunk_size=2_000))
