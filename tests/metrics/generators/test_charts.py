import pytest
import vl_convert

from metrics.charts.export import PAPER_CONFIG
from metrics.generators.charts import GENERATOR_CHARTS, error_positions, error_rates
from metrics.generators.errors import generator_errors
from tests.metrics.rows import label_traces, make_dataset

pytestmark = pytest.mark.django_db


def test_error_charts_have_the_generators_figures() -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", [1] * 12 + [-1] * 4, generator="often")
    label_traces(dataset, reference, "s", [0, -1], generator="seldom")
    found = generator_errors(dataset, None)
    assert [row[:4] for row in error_rates(found).rows] == [
        ["often", 16, 12, 0.75],
        ["seldom", 2, 1, 0.5],
    ]
    positions = error_positions(found)
    assert {row[0] for row in positions.rows} == {"often"}
    assert [row[4] for row in positions.rows if row[4]] == pytest.approx([6, 6])
    assert positions.summary.startswith("100%")


@pytest.mark.parametrize("name", GENERATOR_CHARTS)
@pytest.mark.parametrize("labels", [[], [-1, -1], [0, 3, -1]])
def test_generator_charts_can_be_drawn_whatever_the_rows(name: str, labels: list[int]) -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", labels)
    chart = GENERATOR_CHARTS[name](generator_errors(dataset, None))
    assert vl_convert.vegalite_to_svg(chart.spec, config=PAPER_CONFIG).startswith("<svg")
    assert chart.summary.endswith(".")
