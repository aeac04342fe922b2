import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.bootstrap import f1_intervals
from metrics.stats.breakdown import band_names, bands, breakdown
from metrics.stats.processbench import score

NAN = np.nan
said = st.sampled_from([-1.0, 0.0, 1.0, NAN])
rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([-1.0, 0.0, 1.0]), said, st.integers(0, 4)),
    min_size=1,
    max_size=25,
)
Rows = list[tuple[str, float, float, int]]


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 99))
def test_breakdown_scores_each_part_as_if_alone(traces: Rows, seed: int) -> None:
    names, labels, predictions, problems = zip(*traces, strict=True)
    found = breakdown(names, labels, predictions, problems, resamples=30)
    assert [part.name for part in found] == sorted(set(names))
    for part in found:
        inside = [row for row in traces if row[0] == part.name]
        pairs = [(int(r[1]), None if np.isnan(r[2]) else int(r[2])) for r in inside]
        assert part.score == score(pairs)
        assert part.accuracy == pytest.approx(100 * np.mean([a == b for a, b in pairs]))
    order = np.random.default_rng(seed).permutation(len(traces))
    shuffled = [np.array(column, dtype=object)[order] for column in (names, problems)]
    again = breakdown(
        shuffled[0].tolist(),
        np.array(labels)[order],
        np.array(predictions)[order],
        shuffled[1],
        resamples=30,
    )
    assert again == found


def test_breakdown_interval_is_that_of_the_leaderboard() -> None:
    random = np.random.default_rng(4)
    labels = random.integers(-1, 3, 300).astype(float)
    predictions = np.where(random.random(300) < 0.6, labels, -1.0)
    (part,) = breakdown(["all"] * 300, labels, predictions, np.arange(300))
    wrong, right = labels != -1, labels == predictions
    counts = np.column_stack([wrong, wrong & right, ~wrong, ~wrong & right, np.ones(300)])
    assert part.f1_interval == f1_intervals([counts.astype(np.int64)]).mean


def test_a_part_of_one_kind_or_one_problem_has_no_f1_or_no_interval() -> None:
    one_kind, one_problem = breakdown(
        ["kind", "kind", "problem", "problem"], [1, 2, 1, -1], [1, 0, 1, -1], [1, 2, 3, 3]
    )
    assert (one_kind.score.f1, one_kind.f1_interval, one_kind.accuracy) == (None, None, 50.0)
    assert one_kind.accuracy_interval is not None
    assert (one_problem.score.f1, one_problem.f1_interval) == (100.0, None)
    assert one_problem.accuracy_interval is None


def test_bands_name_their_ends() -> None:
    assert bands([0, 1, 3, 4, 10, 30, 31, 500]) == [
        "1 to 3",
        "1 to 3",
        "1 to 3",
        "4 to 6",
        "7 to 10",
        "16 to 30",
        "31 or more",
        "31 or more",
    ]
    assert band_names((0, 1, 2, 5)) == ["0", "1", "2 to 4", "5 or more"]
