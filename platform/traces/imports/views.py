import csv
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import show_refusals
from accounts.rules import UserRequest, leads_only
from jobs.transitions import cancel
from traces.imports.page import ImportPage
from traces.models import Import

SHOWN_REJECTIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def import_create(request: UserRequest) -> HttpResponse:
    """The form. Sent, it shows the first rows; sent again from there, it starts the import."""
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
    found = get_object_or_404(Import.objects.select_related("dataset"), pk=pk)
    template = "traces/imports/detail.html" + ("#state" if getattr(request, "htmx", 0) else "")
    rejections = found.rejections.order_by("pk")[:SHOWN_REJECTIONS]
    return render(request, template, {"import": found, "rejections": rejections})


@require_POST
@leads_only
@show_refusals("traces:import-detail", "pk")
def import_cancel(request: UserRequest, pk: int) -> HttpResponse:
    cancel(get_object_or_404(Import, pk=pk))
    return redirect("traces:import-detail", pk)


@require_safe
@leads_only
def import_rejections(request: UserRequest, pk: int) -> StreamingHttpResponse:
    """The rows that could not be stored, all of them, as CSV."""
    found = get_object_or_404(Import, pk=pk)
    response = StreamingHttpResponse(_report(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-rejected.csv"'
    return response


class _Line:
    """What the csv module writes into, to be read back a line at a time."""

    def write(self, line: str) -> str:
        return line


def _report(found: Import) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield str(writer.writerow(["line", "field", "reason", "excerpt"]))
    for row in found.rejections.order_by("pk").iterator(chunk_size=2_000):
        texts = map(_no_formula, (row.field, row.reason, row.excerpt))
        yield str(writer.writerow([row.line, *texts]))


def _no_formula(text: str) -> str:
    """Led by one of these, a cell would be a formula to a spreadsheet."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
