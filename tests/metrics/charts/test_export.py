import json
from typing import Any

import altair as alt
import pytest
from django.http import Http404

from metrics.charts.chart import Cell, Chart, chart_data, spec_of
from metrics.charts.export import chart_file

HOSTILE = "=cmd|' /C calc'!A0</svg><script>alert(1)</script>"


def chart_of(rows: list[list[Cell]]) -> Chart:
    columns = ["judge", "f1"]
    bars: Any = alt.Chart(chart_data(columns, rows)).mark_bar().encode(x="f1:Q", y="judge:N")
    return Chart("f1", "F1 by judge", "A summary.", columns, rows, spec_of(bars))


@pytest.mark.parametrize("rows", [[], [[HOSTILE, 50.0], ["critic", None]]])
def test_chart_files_are_what_they_say(rows: list[list[Cell]]) -> None:
    chart = chart_of(rows)
    files = {suffix: chart_file(chart, suffix) for suffix in ["svg", "png", "csv", "json"]}
    assert files["png"].content.startswith(b"\x89PNG")
    assert json.loads(files["json"].content) == chart.spec
    assert files["svg"].content.startswith(b"<svg")
    assert b"<script" not in files["svg"].content
    assert files["csv"]["Content-Disposition"] == 'attachment; filename="f1.csv"'
    assert len(files["csv"].content.decode().splitlines()) == 1 + len(rows)


def test_a_csv_file_starts_no_formula_and_keeps_missing_values_empty() -> None:
    lines = chart_file(chart_of([[HOSTILE, None]]), "csv").content.decode().splitlines()
    assert lines[0] == "judge,f1"
    assert not lines[1].lstrip('"').startswith("=")
    assert lines[1].endswith(",")


def test_an_unknown_kind_of_file_is_not_found() -> None:
    with pytest.raises(Http404, match=r"Charts can be saved as svg, png, csv, json\."):
        chart_file(chart_of([]), "exe")
