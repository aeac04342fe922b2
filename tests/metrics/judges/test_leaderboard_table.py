import pytest

from metrics.judges.comparison import JudgeComparison
from metrics.judges.leaderboard import JudgeScore, JudgeSubset, Leaderboard, Subset
from metrics.judges.leaderboard_page import ComparisonsView
from metrics.judges.leaderboard_table import JudgeRow, judge_rows, p_value
from metrics.pages.tables import Mark
from metrics.stats.baselines import Baselines
from metrics.stats.bootstrap import Interval
from metrics.stats.confusion_matrix import Outcomes
from metrics.stats.paired_tests import CORRECTIONS, Comparison, Difference
from metrics.stats.processbench import score
from traces.models import Dataset, Judge

HOSTILE = "</td><script>alert(1)</script>"
RIGHT = [(-1, -1), (2, 2)]
HALF = [(-1, -1), (-1, 0), (2, 2), (3, None)]


def judge_score(
    number: int, pairs: list[tuple[int, int | None]], *, interval: Interval | None = None
) -> JudgeScore:
    subset = JudgeSubset("math", score(pairs), interval, Outcomes())
    judge = Judge(pk=number, kind="human", name=HOSTILE)
    return JudgeScore(judge, {"math": subset}, subset.score.f1, interval)


def board_of(
    *judges: JudgeScore, subsets: tuple[str, ...] = ("math",), labelled: int = 4
) -> Leaderboard:
    parts = [Subset(name, labelled, Baselines(None, None)) for name in subsets]
    return Leaderboard(Dataset(name="bench"), None, parts, list(judges))


def measured(board: Leaderboard, compared: ComparisonsView | None = None) -> list[JudgeRow]:
    return judge_rows(board, published=False, compared=compared)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (None, "–"),
        (0.0, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.04567, "p = 0.046"),
        (1, "p = 1.000"),
    ],
)
def test_a_p_value_has_three_decimals(p: float | None, text: str) -> None:
    assert p_value(p) == text


def test_a_row_has_the_judges_figures() -> None:
    (row,) = measured(board_of(judge_score(1, HALF, interval=Interval(25, 75))))
    assert (row.name, row.kind, row.judge_id) == (HOSTILE, "human", 1)
    assert (row.mean, row.interval, row.mark) == (
        "50.0",
        "25.0 to 75.0",
        Mark("50.00%", "25.00%", "50.00%"),
    )
    (cell,) = row.cells
    assert cell.text == "50.0"
    assert cell.detail == (
        "95 % interval 25.0 to 75.0; 50.0 % of errors found, 50.0 % of correct traces accepted;"
        " 4 traces"
    )
    assert row.note == "4 · 1 unparsable"


def test_a_row_says_which_part_of_the_traces_and_subsets_it_covers() -> None:
    board = board_of(judge_score(1, RIGHT), subsets=("gsm8k", "math"), labelled=2000)
    (row,) = measured(board)
    assert row.note == "2 of 4,000 · 1 of 2 subsets"
    assert [cell.text for cell in row.cells] == ["–", "100.0"]
    assert row.cells[0].detail == "no verdicts"
    assert row.mark == Mark("100.00%")


def test_judges_without_a_figure_are_last() -> None:
    board = board_of(judge_score(1, [(-1, -1)]), judge_score(2, HALF), judge_score(3, RIGHT))
    rows = measured(board)
    assert [row.judge_id for row in rows] == [3, 2, 1]
    assert (rows[2].mean, rows[2].mark, rows[2].interval) == ("–", None, "")
    assert measured(board_of()) == []


def test_published_figures_have_a_place_among_the_measured_ones() -> None:
    rows = judge_rows(board_of(judge_score(1, HALF)), published=True)
    published = [row for row in rows if row.judge_id is None]
    assert len(published) > 1
    assert [row.value for row in rows] == sorted((row.value for row in rows), reverse=True)
    assert all(row.note.startswith("published, ") for row in published)
    other = judge_rows(board_of(judge_score(1, HALF), subsets=("physics",)), published=True)
    assert [row.judge_id for row in other] == [1]


def compared_with(base: JudgeScore, other: JudgeScore, f1: Difference) -> ComparisonsView:
    comparison = Comparison(1200, 3, f1, f1, f1, only_first=1000, only_second=2, mcnemar_p=0.0001)
    return ComparisonsView(
        base=base.judge,
        by_judge={other.judge.pk: JudgeComparison(other.judge.pk, comparison)},
        adjusted_p={other.judge.pk: f1.permutation_p},
        correction=CORRECTIONS["holm"],
        is_stale=False,
    )


def test_a_difference_from_the_baseline_has_its_interval_and_p_values() -> None:
    best, other = judge_score(1, RIGHT), judge_score(2, HALF)
    view = compared_with(best, other, Difference(-50.0, Interval(-75, 2.5), 0.049))
    first, second = measured(board_of(best, other), view)
    assert (first.difference, first.difference_detail) == ("baseline", "")
    assert second.difference == "-50.0"
    assert second.difference_detail == (
        "-75.0 to +2.5, p = 0.049 over 1,200 traces; only this judge right on 1,000,"
        " only the baseline on 2, McNemar p < 0.001"
    )
    assert second.is_different


@pytest.mark.parametrize(("p", "is_different"), [(None, False), (0.05, False), (0.0, True)])
def test_a_difference_is_marked_below_five_percent(p: float | None, is_different: bool) -> None:
    best, other = judge_score(1, RIGHT), judge_score(2, HALF)
    view = compared_with(best, other, Difference(-50.0, None, p))
    row = measured(board_of(best, other), view)[1]
    assert row.is_different is is_different
    assert row.difference_detail.startswith(f"{p_value(p)} over")


def test_an_undefined_difference_is_empty() -> None:
    best, other, third = judge_score(1, RIGHT), judge_score(2, HALF), judge_score(3, HALF)
    view = compared_with(best, other, Difference(None, None, None))
    rows = measured(board_of(best, other, third), view)
    assert [row.difference for row in rows] == ["baseline", "", ""]
