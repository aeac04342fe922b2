import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.bootstrap import Counts, f1_intervals, resampled_f1

kind = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)).map(
    lambda k: (k[0] + k[1], k[1], k[2] + k[3], k[3])
)
subsets = st.lists(st.tuples(kind, st.integers(1, 9)), max_size=8).map(
    lambda rows: np.array([(*k, n) for k, n in rows], dtype=np.int64).reshape(-1, 5)
)


def one_by_one(subset: Counts) -> Counts:
    """Return the same problems, a row each."""
    rows = np.repeat(subset, subset[:, 4], axis=0)
    rows[:, 4] = 1
    return rows


@settings(max_examples=30)
@given(subsets, st.randoms())
def test_f1_intervals_do_not_depend_on_order_or_grouping(subset: Counts, shuffler: object) -> None:
    rows = one_by_one(subset)
    order = np.random.default_rng(len(rows)).permutation(len(rows))
    assert f1_intervals([rows[order]], resamples=50) == f1_intervals([subset], resamples=50)


def test_f1_intervals_agree_with_drawing_problem_by_problem() -> None:
    random = np.random.default_rng(7)
    erroneous = random.integers(0, 3, 400)
    correct = random.integers(0, 3, 400)
    found = random.binomial(erroneous, 0.6)
    accepted = random.binomial(correct, 0.8)
    rows = np.column_stack([erroneous, found, correct, accepted, np.ones(400, dtype=np.int64)])
    drawn = rows[random.integers(0, 400, (4000, 400))].sum(axis=1)
    a, b = 100 * drawn[:, 1] / drawn[:, 0], 100 * drawn[:, 3] / drawn[:, 2]
    low, high = np.percentile(2 * a * b / (a + b), [2.5, 97.5])
    interval = f1_intervals([rows]).mean
    assert interval is not None
    assert interval.low == pytest.approx(low, abs=0.4)
    assert interval.high == pytest.approx(high, abs=0.4)


def test_f1_intervals_hold_the_figure_and_widen_when_traces_share_problems() -> None:
    alone = np.array([(1, 1, 0, 0, 60), (1, 0, 0, 0, 40), (0, 0, 1, 1, 70), (0, 0, 1, 0, 30)])
    shared = np.array([(5, 5, 0, 0, 12), (5, 0, 0, 0, 8), (0, 0, 5, 5, 14), (0, 0, 5, 0, 6)])
    narrow, wide = f1_intervals([alone]).mean, f1_intervals([shared]).mean
    assert narrow is not None
    assert wide is not None
    f1 = 2 * 60 * 70 / 130
    assert narrow.low < f1 < narrow.high
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_f1_intervals_of_subsets_without_an_f1_are_none() -> None:
    erroneous_only = np.array([(1, 1, 0, 0, 10), (1, 0, 0, 0, 10)])
    both = np.array([(1, 1, 1, 0, 10), (1, 0, 1, 1, 10)])
    found = f1_intervals([erroneous_only, both])
    assert found.subsets[0] is None
    assert found.subsets[1] is not None
    assert found.mean is not None
    assert found.mean.high > 0


def test_f1_intervals_of_one_problem_or_none_are_none() -> None:
    assert f1_intervals([np.array([(1, 1, 1, 1, 1)])]).mean is None
    assert f1_intervals([np.empty((0, 5), dtype=np.int64)]).subsets == [None]
    assert f1_intervals([]).mean is None


def test_resampled_f1_is_zero_where_nothing_is_found() -> None:
    subset = np.array([(1, 0, 1, 0, 5)])
    values = resampled_f1(subset, np.random.default_rng(0), 20)
    assert values.tolist() == [0.0] * 20
