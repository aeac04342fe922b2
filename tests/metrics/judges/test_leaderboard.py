import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from metrics.judges.leaderboard import JudgeScore, kind_of, leaderboard
from metrics.stats.baselines import constant_baseline
from metrics.stats.confusion_matrix import Outcomes
from metrics.stats.processbench import mean_f1, score
from tests.factories import make_verdict
from tests.metrics.rows import (
    judge_traces,
    label_traces,
    make_dataset,
    make_model,
    make_trace,
)
from traces.models import Judge, Verdict

pytestmark = pytest.mark.django_db

LABELS = [-1, -1, -1, 0, 1, 1, 4]
FOUND = [-1, 2, None, 0, 0, -1, None]


def only(scores: list[JudgeScore]) -> JudgeScore:
    assert len(scores) == 1
    return scores[0]


def test_leaderboard_equals_the_pure_score() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    pairs = {}
    for subset, shift in [("easy", 0), ("hard", 2)]:
        found = FOUND[shift:] + FOUND[:shift]
        judge_traces(judge, label_traces(dataset, reference, subset, LABELS), found)
        pairs[subset] = list(zip(LABELS, found, strict=True))
    board = leaderboard(dataset, reference)
    row = only(board.judges)
    for subset, rows in pairs.items():
        assert row.subsets[subset].score == score(rows)
    assert row.mean_f1 == mean_f1(score(rows).f1 for rows in pairs.values())
    assert row.interval is not None
    assert row.interval.low <= (row.mean_f1 or 0) <= row.interval.high


def test_leaderboard_tells_the_outcomes_apart() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "s", [2] * 5), [2, 1, 4, -1, None])
    judge_traces(judge, label_traces(dataset, reference, "t", [-1] * 3), [-1, 3, None])
    assert only(leaderboard(dataset, reference).judges).outcomes == Outcomes(
        exact=1, too_early=1, too_late=1, missed=1, accepted=1, false_alarm=1, unparsable=2
    )


def test_a_trace_without_a_verdict_is_not_counted() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", LABELS)
    judge = make_model("half")
    judge_traces(judge, traces[::2], [-1, -1, 1, 4])
    board = leaderboard(dataset, reference)
    row = only(board.judges)
    assert (row.judged, board.labelled) == (4, 7)
    assert row.subsets["s"].score == score([(-1, -1), (-1, -1), (1, 1), (4, 4)])


def test_a_trace_whose_label_is_unusable_or_absent_is_not_counted() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    unusable, unlabelled = make_trace(dataset, "a"), make_trace(dataset, "b")
    make_verdict(unusable, reference, None)
    judge_traces(judge, [unusable, unlabelled], [1, 1])
    board = leaderboard(dataset, reference)
    assert board.judges == []
    assert board.labelled == 0


def test_superseded_verdicts_do_not_count() -> None:
    dataset, reference = make_dataset()
    (trace,) = label_traces(dataset, reference, "s", [3])
    judge = make_model("prm")
    make_verdict(trace, judge, 1)
    Verdict.objects.filter(judge=judge).update(is_current=False)
    Verdict.objects.filter(judge=judge).update(revision=1)
    second = Verdict(
        trace=trace, step_count=5, judge=judge, revision=2, earliest_error=3, origin="import"
    )
    second.save()
    assert only(leaderboard(dataset, reference).judges).outcomes.exact == 1


def test_any_judge_can_be_the_reference() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", LABELS)
    consensus = Judge.objects.create(kind=Judge.Kind.CONSENSUS, name="consensus of 3")
    judge_traces(consensus, traces[:5], [-1, -1, 0, 0, 1])
    board = leaderboard(dataset, consensus)
    assert board.labelled == 5
    row = only(board.judges)
    assert row.judge == reference
    assert row.subsets["s"].score == score([(-1, -1), (-1, -1), (0, -1), (0, 0), (1, 1)])


def test_leaderboard_over_all_datasets_keeps_their_labels_and_subsets_apart() -> None:
    judge = make_model("prm")
    for name in ["a", "b"]:
        dataset, reference = make_dataset(name)
        judge_traces(judge, label_traces(dataset, reference, "s", [-1, 0]), [-1, 0])
    board = leaderboard()
    assert [subset.name for subset in board.subsets] == ["a / s", "b / s"]
    assert only(board.judges).mean_f1 == 100.0


def test_a_subset_without_a_name_is_called_after_its_dataset() -> None:
    dataset, reference = make_dataset("lone")
    label_traces(dataset, reference, "", [-1, 2])
    assert [subset.name for subset in leaderboard(dataset).subsets] == ["lone"]


def test_judges_are_ranked_and_those_without_a_figure_last() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", [-1, -1, 2, 2])
    for name, found in [("weak", [-1, 0, 2, 0]), ("none", []), ("best", [-1, -1, 2, 2])]:
        judge_traces(make_model(name), traces[: len(found)], found)
    judge_traces(make_model("one-sided"), traces[:1], [-1])
    names = [row.judge.name for row in leaderboard(dataset, reference).judges]
    assert names == ["best", "weak", "one-sided"]


def test_floors_are_those_of_the_labelled_traces() -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", LABELS)
    board = leaderboard(dataset, reference)
    (subset,) = board.subsets
    assert subset.floors.constant == pytest.approx(200 * 0.5 / (1 + 0.5**0.5) ** 2)
    assert board.floors.constant == subset.floors.constant
    assert subset.floors.final_answer == pytest.approx(2 * 50 * 100 / 150)
    assert constant_baseline([]) is None


@pytest.mark.parametrize("judges", [1, 3])
def test_leaderboard_takes_three_queries_however_many_judges(judges: int) -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", LABELS)
    for i in range(judges):
        judge_traces(make_model(f"judge {i}"), traces, FOUND)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = leaderboard(dataset, reference).judges
        assert [kind_of(row.judge) for row in rows] == ["model"] * judges
    assert len(queries) == 3


class LeaderboardProperties(TestCase):
    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(-1, 4),
                st.one_of(st.none(), st.just("absent"), st.integers(-1, 4)),
            ),
            max_size=12,
        ),
        st.randoms(),
    )
    def test_leaderboard_equals_the_score_of_any_rows(
        self, rows: list[tuple[int, int, int | str | None]], shuffler: random.Random
    ) -> None:
        dataset, reference = make_dataset()
        judge = make_model("prm")
        shuffler.shuffle(rows)
        for i, (problem, label, found) in enumerate(rows):
            trace = make_trace(dataset, str(i), problem=f"p{problem}")
            make_verdict(trace, reference, label)
            if not isinstance(found, str):
                make_verdict(trace, judge, found)
        judged = [(label, found) for _, label, found in rows if not isinstance(found, str)]
        board = leaderboard(dataset, reference)
        assert board.labelled == len(rows)
        if not judged:
            assert board.judges == []
        else:
            assert only(board.judges).subsets["s"].score == score(judged)
