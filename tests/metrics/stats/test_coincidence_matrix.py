import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from metrics.stats.bootstrap import Floats
from metrics.stats.coincidence_matrix import (
    Coincidences,
    coincidences,
    found_error,
    ordered_pairs,
    pair_of_cells,
)

NAN = np.nan
LABELS = st.sampled_from([-1.0, 0.0, 1.0, 2.0, 5.0, NAN])
TWO_RATERS = st.integers(1, 12).flatmap(
    lambda traces: arrays(np.float64, (traces, 2), elements=LABELS)
)


def cells_of(pairs: Coincidences) -> dict[tuple[int, int, int], int]:
    """Return the pairs counted over all problems, by number of raters and both labels."""
    columns = zip(
        pairs.raters.tolist(),
        pairs.categories[pairs.first].tolist(),
        pairs.categories[pairs.second].tolist(),
        pairs.sums[0].tolist(),
        strict=True,
    )
    return {(raters, first, second): int(n) for raters, first, second, n in columns}


def test_pairs_are_counted_in_both_orders_and_apart_for_each_number_of_raters() -> None:
    pairs = coincidences(np.array([[2, 2, NAN], [0, -1, NAN], [1, 1, 2], [4, NAN, NAN]]))
    assert pairs.traces == 3
    assert cells_of(pairs) == {
        (2, 2, 2): 2,
        (2, 0, -1): 1,
        (2, -1, 0): 1,
        (3, 1, 1): 2,
        (3, 1, 2): 2,
        (3, 2, 1): 2,
    }


def test_no_error_ranks_after_the_last_step() -> None:
    pairs = coincidences(np.array([[-1, 3], [0, -1]]))
    assert pairs.categories.tolist() == [0, 3, -1]


def test_two_raters_are_counted_once_a_trace_with_the_first_one_first() -> None:
    pairs = ordered_pairs(np.array([0.0, 0.0, 1.0, NAN]), np.array([-1.0, -1.0, 1.0, 0.0]))
    assert cells_of(pairs) == {(2, 0, -1): 2, (2, 1, 1): 1}


def test_pairs_are_kept_by_problem() -> None:
    ratings = np.array([[0, 0], [1, 1], [0, 0]])
    pairs = ordered_pairs(ratings[:, 0], ratings[:, 1], ["a", "a", "b"])
    assert pairs.counts.tolist() == [[1, 1], [1, 0]]


def test_traces_with_one_label_or_none_hold_no_pair() -> None:
    for ratings in (np.array([[0, NAN], [NAN, NAN]]), np.empty((0, 3)), np.empty((4, 0))):
        pairs = coincidences(ratings)
        assert (pairs.traces, cells_of(pairs)) == (0, {})
    assert cells_of(pair_of_cells([])) == cells_of(pair_of_cells([(1, 1, 0)])) == {}


def test_an_error_at_any_step_is_an_error() -> None:
    assert np.array_equal(
        found_error(np.array([[0, 5], [-1, NAN]])), [[0, 0], [-1, NAN]], equal_nan=True
    )


@settings(max_examples=30)
@given(TWO_RATERS)
def test_cells_of_the_database_give_what_the_ratings_give(ratings: Floats) -> None:
    both = ratings[~np.isnan(ratings).any(axis=1)]
    values, times = np.unique(both, axis=0, return_counts=True)
    cells = [(int(a), int(b), int(n)) for (a, b), n in zip(values, times, strict=True)]
    pairs = pair_of_cells([*cells[::-1], (3, 3, 0)])
    expected = ordered_pairs(ratings[:, 0], ratings[:, 1])
    assert pairs.traces == expected.traces
    assert cells_of(pairs) == cells_of(expected)
