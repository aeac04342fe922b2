import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from metrics.stats.agreement import (
    agreement,
    alpha_nominal,
    alpha_ordinal,
    cohen,
    exact,
    fleiss,
    pair_agreement,
    value_of,
    within,
)
from metrics.stats.bootstrap import Floats
from metrics.stats.coincidence_matrix import coincidences, found_error, ordered_pairs

NAN = np.nan
# Nine traces, three raters, gaps; -1 is no error.
FIXTURE = np.array(
    [
        [2, 2, 2],
        [2, 3, NAN],
        [-1, -1, -1],
        [-1, 4, -1],
        [0, 0, NAN],
        [5, NAN, NAN],
        [NAN, 1, 1],
        [4, 4, 3],
        [NAN, NAN, NAN],
    ]
)
label = st.sampled_from([-1.0, 0.0, 1.0, 2.0, 5.0])


def ratings_of(raters: int, *, missing: bool) -> st.SearchStrategy[Floats]:
    values = st.one_of(label, st.just(NAN)) if missing else label
    return st.integers(1, 12).flatmap(
        lambda traces: arrays(np.float64, (traces, raters), elements=values)
    )


def reference_alpha(ratings: Floats, level: str) -> float | None:
    """Ask the `krippendorff` package, with "no error" as the value after the last step."""
    values = np.where(ratings == -1, 99.0, ratings).T
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = float(krippendorff.alpha(values, level_of_measurement=level))
    except ValueError:
        return None
    return None if np.isnan(found) else found


def near(value: float | None, expected: float | None) -> bool:
    if value is None or expected is None:
        return value is expected
    return value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("statistic", "level"), [(alpha_nominal, "nominal"), (alpha_ordinal, "ordinal")]
)
@settings(max_examples=60)
@given(
    ratings=st.one_of(st.just(FIXTURE), ratings_of(2, missing=True), ratings_of(4, missing=True))
)
def test_alpha_equals_krippendorff(statistic: object, level: str, ratings: Floats) -> None:
    for chosen in [ratings, found_error(ratings)]:
        found = value_of(statistic, coincidences(chosen))  # type: ignore[arg-type]
        assert near(found, reference_alpha(chosen, level))


@settings(max_examples=60)
@given(ratings_of(2, missing=True))
def test_cohen_equals_scikit_learn(ratings: Floats) -> None:
    both = ratings[~np.isnan(ratings).any(axis=1)]
    expected = None
    if len(both) and len(np.unique(both)) > 1:
        expected = float(cohen_kappa_score(both[:, 0], both[:, 1]))
    assert near(value_of(cohen, ordered_pairs(ratings[:, 0], ratings[:, 1])), expected)


@settings(max_examples=60)
@given(ratings_of(3, missing=False))
def test_fleiss_equals_statsmodels_where_all_raters_labelled_all(ratings: Floats) -> None:
    table, _ = aggregate_raters(ratings)
    expected = float(fleiss_kappa(table)) if len(np.unique(ratings)) > 1 else None
    assert near(value_of(fleiss, coincidences(ratings)), expected)


def test_fleiss_with_gaps_counts_each_trace_once() -> None:
    ratings = np.array([[0, 0, 0], [0, 1, NAN], [1, 1, NAN]])
    po = (1 + 0 + 1) / 3
    share = (1 + 0.5 + 0) / 3
    pe = share**2 + (1 - share) ** 2
    assert near(value_of(fleiss, coincidences(ratings)), (po - pe) / (1 - pe))


@settings(max_examples=40)
@given(ratings_of(3, missing=True), st.integers(0, 4))
def test_agreement_in_pairs_equals_going_through_them(ratings: Floats, steps: int) -> None:
    shares, near_shares = [], []
    for row in ratings:
        given_labels = row[~np.isnan(row)]
        pairs = [(a, b) for i, a in enumerate(given_labels) for b in given_labels[i + 1 :]]
        if pairs:
            shares.append(np.mean([a == b for a, b in pairs]))
            near_shares.append(
                np.mean([a == b or (min(a, b) >= 0 and abs(a - b) <= steps) for a, b in pairs])
            )
    counted = coincidences(ratings)
    assert near(value_of(exact, counted), float(np.mean(shares)) if shares else None)
    assert near(value_of(within(steps), counted), float(np.mean(near_shares)) if shares else None)


@pytest.mark.parametrize("same", [-1.0, 3.0])
def test_raters_who_always_say_the_same_have_no_kappa_and_no_alpha(same: float) -> None:
    found = agreement(np.full((6, 3), same), np.arange(6))
    assert found.exact.value == 1.0
    assert found.exact.interval is not None
    undefined = [found.fleiss, found.alpha_nominal, found.alpha_ordinal]
    undefined += [found.found_fleiss, found.found_alpha]
    assert all(one.value is None and one.interval is None for one in undefined)
    pair = pair_agreement(np.full(6, same), np.full(6, same), np.arange(6))
    assert (pair.cohen.value, pair.found_cohen.value, pair.exact.value) == (None, None, 1.0)


def test_agreement_without_a_common_trace_is_undefined() -> None:
    found = agreement(np.array([[0, NAN], [NAN, 1]]), [1, 2])
    assert found.traces == 0
    assert (found.exact.value, found.within.value, found.alpha_ordinal.value) == (None, None, None)
    assert agreement(np.empty((0, 3)), []).fleiss.value is None


def test_no_error_ranks_after_the_last_step() -> None:
    """Doubting the last step is nearer to "no error" than doubting the first is."""
    common = [[i % 4, i % 4] for i in range(8)] + [[-1, -1]] * 3
    last, first = np.array([*common, [3, -1]]), np.array([*common, [0, -1]])
    a, b = (value_of(alpha_ordinal, coincidences(rows.astype(float))) for rows in (last, first))
    assert a is not None
    assert b is not None
    assert a > b


@settings(max_examples=20, deadline=None)
@given(ratings_of(3, missing=True), st.integers(0, 1000))
def test_agreement_does_not_change_with_order_raters_or_what_nobody_labelled(
    ratings: Floats, seed: int
) -> None:
    random = np.random.default_rng(seed)
    problems = random.integers(0, 4, len(ratings))
    found = agreement(ratings, problems, resamples=40)
    order = random.permutation(len(ratings))
    shuffled = agreement(ratings[order][:, [2, 0, 1]], problems[order], resamples=40)
    assert shuffled == found
    unlabelled = np.vstack([ratings, np.full((3, 3), NAN), [[1, NAN, NAN]]])
    more = agreement(unlabelled, np.concatenate([problems, [7, 8, 9, 0]]), resamples=40)
    assert more == found


@settings(max_examples=20, deadline=None)
@given(ratings_of(3, missing=True))
def test_duplicated_problems_leave_shares_and_kappas_as_they_were(ratings: Floats) -> None:
    once, twice = coincidences(ratings), coincidences(np.vstack([ratings, ratings]))
    for statistic in [exact, within(1), fleiss]:
        assert near(value_of(statistic, twice), value_of(statistic, once))
    pair = [ordered_pairs(rows[:, 0], rows[:, 1]) for rows in (ratings, np.vstack([ratings] * 2))]
    assert near(value_of(cohen, pair[1]), value_of(cohen, pair[0]))


def test_intervals_widen_when_traces_share_problems() -> None:
    random = np.random.default_rng(3)
    truth = random.integers(-1, 3, 60)
    other = np.where(random.random(60) < 0.7, truth, random.integers(-1, 3, 60))
    labels = np.column_stack([truth, other]).astype(float)
    alone = agreement(np.repeat(labels, 5, axis=0), np.arange(300)).alpha_nominal
    shared = agreement(np.repeat(labels, 5, axis=0), np.repeat(np.arange(60), 5)).alpha_nominal
    assert alone.value == shared.value
    assert alone.interval is not None
    assert shared.interval is not None
    assert alone.value is not None
    assert alone.interval.low < alone.value < alone.interval.high
    wide = shared.interval.high - shared.interval.low
    assert wide > 1.8 * (alone.interval.high - alone.interval.low)


def test_intervals_equal_drawing_problem_by_problem() -> None:
    random = np.random.default_rng(5)
    truth = random.integers(-1, 4, 150)
    noisy = [np.where(random.random(150) < 0.75, truth, random.integers(-1, 4, 150)) for _ in "abc"]
    labels = np.column_stack(noisy).astype(float)
    problems = random.integers(0, 80, 150)
    names = np.unique(problems)
    drawn = []
    for _ in range(400):
        rows = [np.flatnonzero(problems == name) for name in random.choice(names, len(names))]
        drawn.append(value_of(alpha_nominal, coincidences(labels[np.concatenate(rows)])))
    low, high = np.percentile(np.array(drawn, dtype=float), [2.5, 97.5])
    interval = agreement(labels, problems).alpha_nominal.interval
    assert interval is not None
    assert interval.low == pytest.approx(low, abs=0.02)
    assert interval.high == pytest.approx(high, abs=0.02)
