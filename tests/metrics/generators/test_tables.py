import pytest

from metrics.generators.errors import FEW, GeneratorErrors, summarise
from metrics.generators.profile import ErrorShare
from metrics.generators.robustness import Robustness
from metrics.generators.tables import generator_rows, percentage, robustness_rows, share_rows
from metrics.pages.tables import Mark
from metrics.stats.bootstrap import Estimate, Interval
from metrics.stats.memorization import Memorization, memorization
from metrics.stats.wilson import Rate, wilson_rate
from metrics.summaries.queries import Group
from traces.models import Generator

HOSTILE = "<b>poet</b> & co"


def errors_of(
    number: int, *groups: Group, error_types: dict[str, int] | None = None
) -> GeneratorErrors:
    return summarise(Generator(pk=number, name=HOSTILE), groups, error_types or {})


@pytest.mark.parametrize(
    ("fraction", "text"), [(None, "–"), (0.0, "0.0 %"), (0.12345, "12.3 %"), (1.0, "100.0 %")]
)
def test_a_fraction_is_shown_in_percent(fraction: float | None, text: str) -> None:
    assert percentage(fraction) == text


def test_a_generators_row_has_its_figures() -> None:
    groups = [Group(4, 1, True, 300), Group(4, -1, True, 900), Group(5, None, None, 5)]
    (row,) = generator_rows([errors_of(1, *groups, error_types={"": 200, HOSTILE: 100})])
    rate = wilson_rate(300, 1200)
    assert rate.low is not None
    assert rate.high is not None
    assert (row.traces, row.mean_steps, row.unparsable) == ("1,205", "4.0", 5)
    assert (row.errors, row.error_count) == ("25.0 %", 300)
    assert row.errors_interval == f"{100 * rate.low:.1f} to {100 * rate.high:.1f}"
    assert row.mark is not None
    assert row.mark.at == "25.00%"
    assert (row.right_by_wrong, row.right_by_wrong_detail) == ("25.0 %", "300 of 1,200")
    assert row.main_type == HOSTILE


def test_a_generator_without_usable_verdicts_has_dashes() -> None:
    (row,) = generator_rows([errors_of(1, Group(3, None, None, 2))])
    assert (row.errors, row.errors_interval, row.mark) == ("–", "", None)
    assert (row.right_by_wrong, row.right_by_wrong_detail) == ("–", "0 of 0")
    assert (row.bars, row.main_type, row.unparsable) == ([], "", 2)
    assert generator_rows([]) == []


def test_histograms_are_on_one_scale_and_few_errors_have_none() -> None:
    even, narrow = Group(1, 0, None, FEW), Group(5, 0, None, FEW)
    rows = generator_rows(
        [errors_of(1, even), errors_of(2, narrow), errors_of(3, Group(1, 0, None, FEW - 1))]
    )
    assert [len(row.bars) for row in rows] == [10, 10, 0]
    # Ten tenths of 10 % next to two tenths of 50 %.
    assert {bar.height for bar in rows[0].bars} == {"20.00%"}
    assert [bar.height for bar in rows[1].bars[:3]] == ["100.00%", "100.00%", "0.00%"]
    assert (rows[0].bars[9].x, rows[0].bars[9].y) == ("90.00%", "80.00%")
    assert rows[1].bars[0].detail == "0 to 10 % of the trace: 50.0 % of the errors"


def test_a_share_links_to_its_traces_only_where_there_are_errors() -> None:
    shares = [
        ErrorShare(HOSTILE, Rate(1000, 4000, 0.25, 0.125, 0.5), "math"),
        ErrorShare("no errors", Rate(0, 3, 0.0, 0.0, 0.5)),
        ErrorShare("no verdicts", wilson_rate(0, 0)),
    ]
    rows = share_rows(shares, lambda share: f"/traces?subset={share.query}")
    assert [(row.value, row.interval) for row in rows] == [
        ("25.0", "12.5 to 50.0"),
        ("0.0", "0.0 to 50.0"),
        ("–", ""),
    ]
    assert [(row.traces, row.of) for row in rows] == [("1,000", "4,000"), ("0", "3"), ("0", "0")]
    assert [row.link for row in rows] == ["/traces?subset=math", "", ""]
    assert (rows[0].name, rows[2].mark) == (HOSTILE, None)


def test_robustness_has_a_row_for_the_generator_and_one_for_each_kind_of_change() -> None:
    figure = Estimate(0.5, Interval(0.25, 0.75))
    figures = Memorization(1234, 5, figure, Estimate(None, None), figure, Estimate(0.125, None))
    generator = Generator(pk=7, name=HOSTILE)
    rows = robustness_rows(
        [Robustness(generator, None, figures), Robustness(generator, "numbers", memorization([]))]
    )
    assert [(row.name, row.generator) for row in rows] == [
        (HOSTILE, 7),
        ("different numbers", None),
    ]
    assert (rows[0].pairs, rows[0].mark) == ("1,234", Mark("12.50%"))
    assert rows[0].figures == [
        ("0.125", ""),
        ("0.500", "0.250 to 0.750"),
        ("–", ""),
        ("0.500", "0.250 to 0.750"),
    ]
    assert (rows[1].pairs, rows[1].mark) == ("0", None)
    assert rows[1].figures == [("–", "")] * 4
