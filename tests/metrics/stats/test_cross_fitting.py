import numpy as np
import pytest

from metrics.stats.cross_fitting import cross_fit
from metrics.stats.prevalence import (
    classical,
    effective_gain,
    powered,
)
from metrics.stats.splits import fold_of

TRACES = 1000


def test_cross_fitted_covers_the_truth_and_gains_from_several_judges() -> None:
    random = np.random.default_rng(6)
    draws, covered, gains = 300, 0, []
    problems = [f"p{i}" for i in range(TRACES)]
    for _ in range(draws):
        truth = random.random(TRACES) < 0.3
        judges = np.column_stack(
            [random.random(TRACES) < np.where(truth, 0.75, 0.25) for _ in "abc"]
        )
        labels = np.where(random.random(TRACES) < 0.2, truth, np.nan)
        probabilities = np.full(TRACES, 0.2)
        fitted = cross_fit(judges.astype(float), labels, probabilities, problems)
        estimate = powered(labels, fitted, probabilities)
        plain = classical(labels, probabilities)
        assert estimate is not None
        assert plain is not None
        covered += estimate.interval.low <= 0.3 <= estimate.interval.high
        gains.append(effective_gain(plain, estimate))
    assert 0.92 <= covered / draws <= 0.98
    assert np.mean(np.array(gains, dtype=float)) > 1.2


def test_cross_fitted_never_sees_the_label_that_it_predicts() -> None:
    random = np.random.default_rng(8)
    judges = random.random((60, 2))
    labels = (random.random(60) < 0.5).astype(float)
    problems = [f"p{i}" for i in range(60)]
    fitted = cross_fit(judges, labels, np.ones(60), problems)
    turned = labels.copy()
    turned[7] = 1 - turned[7]
    assert cross_fit(judges, turned, np.ones(60), problems)[7] == fitted[7]
    assert {fold_of(problem) for problem in problems} == set(range(5))


def test_no_trace_is_predicted_without_labels_of_other_problems() -> None:
    judges = np.array([[1.0], [0.0], [1.0]])
    problems = ["same"] * 3
    assert np.isnan(cross_fit(judges, np.full(3, np.nan), np.ones(3), problems)).all()
    assert np.isnan(cross_fit(judges, np.array([1.0, 0.0, np.nan]), np.ones(3), problems)).all()
    assert cross_fit(np.empty((0, 1)), np.empty(0), np.empty(0), []).tolist() == []


def test_a_gap_is_predicted_like_the_mean_of_its_judge() -> None:
    problems = [f"p{i}" for i in range(40)]
    truth = np.arange(40) % 2.0
    gaps = truth[:, None].copy()
    gaps[6, 0] = np.nan
    means = gaps.copy()
    means[6, 0] = np.nanmean(gaps)
    filled = cross_fit(gaps, truth, np.ones(40), problems)
    assert filled.tolist() == cross_fit(means, truth, np.ones(40), problems).tolist()
    assert 0 < filled[6] < 1


def test_a_judge_that_is_always_wrong_helps_as_much_as_one_that_is_right() -> None:
    problems = [f"p{i}" for i in range(40)]
    truth = np.arange(40) % 2.0
    right = cross_fit(truth[:, None], truth, np.ones(40), problems)
    wrong = cross_fit(1 - truth[:, None], truth, np.ones(40), problems)
    assert wrong == pytest.approx(right)
    assert ((right > 0.5) == (truth == 1)).all()
    assert ((right >= 0) & (right <= 1)).all()
