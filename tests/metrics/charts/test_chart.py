import altair as alt

from metrics.charts.chart import Chart, chart_data, names_axis, spec_of

HOSTILE = "</svg><script>alert(1)</script>"


def test_text_rows_round_fractions_and_show_missing_values_as_a_dash() -> None:
    rows = [[HOSTILE, 3, 0.12345, None], ["", 0, 1.0, None]]
    chart = Chart("name", "Title", "Summary.", ["a", "b", "c", "d"], rows, {})
    assert chart.text_rows == [[HOSTILE, "3", "0.123", "–"], ["", "0", "1.000", "–"]]


def test_chart_data_has_an_object_for_each_row() -> None:
    data = chart_data(["judge", "f1"], [[HOSTILE, 50.0], ["critic", None]])
    assert data.to_dict() == {
        "values": [{"judge": HOSTILE, "f1": 50.0}, {"judge": "critic", "f1": None}]
    }
    assert chart_data(["judge"], []).to_dict() == {"values": []}


def test_a_specification_names_no_size_or_colour_of_its_own() -> None:
    chart = alt.Chart(chart_data(["x"], [[1]])).mark_bar(style="mark").encode(x="x:Q")
    assert "config" in chart.to_dict()
    spec = spec_of(chart)
    assert "config" not in spec
    assert spec["mark"] == {"type": "bar", "style": "mark"}


def test_an_axis_of_names_has_no_line() -> None:
    axis = names_axis().to_dict()
    assert (axis["ticks"], axis["domain"]) == (False, False)
