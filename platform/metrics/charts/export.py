"""Export of a chart: its specification, a picture for paper, or its rows."""

import json
from collections.abc import Callable
from typing import Any

import vl_convert
from django.http import Http404, HttpResponse

from metrics.charts.chart import Chart
from web.csv_writer import csv_lines

# Pictures are saved for papers and slides: ink on white, whatever the page's theme is.
INK, SOFT, LINE = "#1d1c1a", "#5f5c55", "#e3dfd6"
ACCENT, WARN, BAD, GOOD = "#3444bf", "#8a5300", "#b3261e", "#22693f"
PAPER_CONFIG: dict[str, Any] = {
    "background": "#ffffff",
    "font": "DejaVu Sans, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
    },
    "axisY": {"labelColor": INK},
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "symbolStrokeColor": ACCENT,
    },
    "header": {"labelColor": INK},
    "range": {"category": [ACCENT, BAD, GOOD, WARN, SOFT]},
    "style": {
        "mark": {"color": ACCENT},
        "interval": {"color": ACCENT, "fillOpacity": 0.4, "cornerRadius": 3},
        "published": {"color": SOFT},
        "errors": {"color": BAD, "fillOpacity": 0.75},
        "floor": {"color": WARN},
    },
}


def chart_file(chart: Chart, suffix: str) -> HttpResponse:
    """Return the chart as `suffix`, one of `FILES`; raise 404 for any other."""
    if suffix not in FILES:
        raise Http404(f"Charts can be saved as {', '.join(FILES)}.")
    content_type, write = FILES[suffix]
    response = HttpResponse(write(chart), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{chart.name}.{suffix}"'
    return response


def _svg(chart: Chart) -> str:
    return vl_convert.vegalite_to_svg(chart.spec, config=PAPER_CONFIG)


def _png(chart: Chart) -> bytes:
    return vl_convert.vegalite_to_png(chart.spec, scale=2, config=PAPER_CONFIG)


def _csv(chart: Chart) -> str:
    return "".join(csv_lines(chart.columns, chart.rows))


def _specification(chart: Chart) -> str:
    return json.dumps(chart.spec, ensure_ascii=False)


FILES: dict[str, tuple[str, Callable[[Chart], str | bytes]]] = {
    "svg": ("image/svg+xml", _svg),
    "png": ("image/png", _png),
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _specification),
}
