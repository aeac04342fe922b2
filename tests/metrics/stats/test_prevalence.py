from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.bootstrap import Floats
from metrics.stats.prevalence import (
    RateEstimate,
    classical,
    effective_gain,
    labels_needed,
    merged_strata,
    normal_holds,
    powered,
    strata_of,
    stratified,
)
from metrics.stats.wilson import wilson_rate

DRAWS = 2000
TRACES = 1000
Form = Callable[[Floats, Floats, Floats], RateEstimate | None]


def alone(labels: Floats, predictions: Floats, probabilities: Floats) -> RateEstimate | None:
    return classical(labels, probabilities)


def ppi(labels: Floats, predictions: Floats, probabilities: Floats) -> RateEstimate | None:
    return powered(labels, predictions, probabilities, power=1.0)


def draw(
    random: np.random.Generator,
    *,
    errors: float,
    found: float,
    alarms: float,
    labels: int,
    flagged: int = 1,
) -> tuple[Floats, Floats, Floats]:
    """Draw a population, a judge's verdicts and labels, more for flagged traces."""
    truth = random.random(TRACES) < errors
    said = random.random(TRACES) < np.where(truth, found, alarms)
    raw = np.where(said, float(flagged), 1.0)
    probabilities = np.minimum(1.0, raw * labels / raw.sum())
    seen = random.random(TRACES) < probabilities
    return np.where(seen, truth, np.nan), said.astype(float), probabilities


def coverage(form: Form, **case: float) -> float:
    random = np.random.default_rng(20)
    covered = 0
    for _ in range(DRAWS):
        estimate = form(*draw(random, **case))  # type: ignore[arg-type]
        assert estimate is not None
        covered += estimate.interval.low <= case["errors"] <= estimate.interval.high
    return covered / DRAWS


GOOD = {"found": 0.8, "alarms": 0.1}
COIN = {"found": 0.5, "alarms": 0.5}
WRONG = {"found": 0.1, "alarms": 0.9}


@pytest.mark.parametrize("judge", [GOOD, COIN, WRONG], ids=["good", "coin", "wrong"])
@pytest.mark.parametrize("form", [alone, stratified, powered, ppi])
def test_intervals_cover_the_truth(form: Form, judge: dict[str, float]) -> None:
    assert 0.93 <= coverage(form, errors=0.3, labels=200, **judge) <= 0.97


@pytest.mark.parametrize("judge", [GOOD, COIN, WRONG], ids=["good", "coin", "wrong"])
@pytest.mark.parametrize("form", [alone, stratified])
def test_intervals_cover_the_truth_with_unequal_probabilities(
    form: Form, judge: dict[str, float]
) -> None:
    assert 0.93 <= coverage(form, errors=0.3, labels=150, flagged=4, **judge) <= 0.97


@pytest.mark.parametrize("judge", [{"found": 0.8, "alarms": 0.05}, COIN], ids=["good", "coin"])
@pytest.mark.parametrize("form", [alone, stratified])
def test_intervals_cover_rare_errors(form: Form, judge: dict[str, float]) -> None:
    assert 0.93 <= coverage(form, errors=0.03, labels=300, **judge) <= 0.97


@pytest.mark.parametrize("form", [alone, stratified])
def test_intervals_cover_rare_errors_with_unequal_probabilities(form: Form) -> None:
    assert 0.93 <= coverage(form, errors=0.02, labels=300, flagged=5, **COIN) <= 0.97


def test_normal_intervals_fail_for_rare_errors() -> None:
    """The normal interval undercovers here, as `metrics.stats.ppi` warns."""
    assert coverage(powered, errors=0.02, labels=200, found=0.8, alarms=0.02) < 0.93


def test_intervals_cover_the_truth_where_traces_share_problems() -> None:
    random = np.random.default_rng(4)
    problems = np.repeat(np.arange(150), 6)
    covered = {"classical": 0, "stratified": 0, "blind": 0}
    draws = 600
    for _ in range(draws):
        hard = np.repeat(random.random(150) < 0.5, 6)
        truth = random.random(900) < np.where(hard, 0.55, 0.05)
        said = (random.random(900) < np.where(truth, 0.7, 0.2)).astype(float)
        labels = np.where(random.random(900) < 0.4, truth, np.nan)
        probabilities = np.full(900, 0.4)
        for name, estimate in [
            ("classical", classical(labels, probabilities, problems=problems)),
            ("stratified", stratified(labels, said, probabilities, problems=problems)),
            ("blind", classical(labels, probabilities)),
        ]:
            assert estimate is not None
            covered[name] += estimate.interval.low <= 0.3 <= estimate.interval.high
    assert 0.92 <= covered["classical"] / draws <= 0.98
    assert 0.92 <= covered["stratified"] / draws <= 0.98
    assert covered["blind"] / draws < 0.92


@given(st.integers(1, 60), st.data())
def test_classical_of_a_plain_random_sample_is_wilsons(count: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, count))
    labels = np.array([1.0] * wrong + [0.0] * (count - wrong) + [np.nan] * 9)
    found = classical(labels, np.full(len(labels), 0.37))
    expected = wilson_rate(wrong, count)
    assert found is not None
    assert found.value == pytest.approx(expected.value)
    assert (found.interval.low, found.interval.high) == pytest.approx((expected.low, expected.high))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_estimates_do_not_depend_on_the_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels, said, probabilities = draw(random, errors=0.3, labels=80, flagged=3, **GOOD)
    said = np.where(random.random(TRACES) < 0.05, np.nan, said)
    problems = random.integers(0, 300, TRACES)
    order = random.permutation(TRACES)
    for form in (stratified, powered):
        found = form(labels, said, probabilities, problems=problems)
        again = form(labels[order], said[order], probabilities[order], problems=problems[order])
        assert found is not None
        assert again is not None
        assert again.value == pytest.approx(found.value, abs=1e-12)
        assert again.interval.low == pytest.approx(found.interval.low, abs=1e-12)
        assert again.interval.high == pytest.approx(found.interval.high, abs=1e-12)


def test_estimates_without_labels_are_undefined() -> None:
    labels, said, ones = np.full(9, np.nan), np.zeros(9), np.ones(9)
    assert classical(labels, ones) is None
    assert stratified(labels, said, ones) is None
    assert powered(labels, said, ones) is None
    assert powered(np.ones(9), np.full(9, np.nan), ones) is None


def test_strata_are_predictions_or_quantiles_and_the_thin_ones_join() -> None:
    assert strata_of(np.array([1.0, 0.0, np.nan, 1.0])).tolist() == [1, 0, -1, 1]
    assert np.bincount(strata_of(np.linspace(0, 1, 100))).tolist() == [20] * 5
    strata = np.array([0] * 10 + [1] * 10 + [2] * 4)
    labelled = np.array([True] * 10 + [True] * 2 + [False] * 8 + [True] * 3 + [False])
    merged = merged_strata(strata, labelled)
    assert merged[10] == merged[20] != merged[0]
    assert len(set(merged_strata(strata, np.arange(24) < 10).tolist())) == 1


def test_normal_holds_with_labels_worth_twenty_of_each_kind() -> None:
    labels = np.array([1.0] * 20 + [0.0] * 30 + [np.nan] * 50)
    assert normal_holds(labels, np.full(100, 0.5))
    assert not normal_holds(labels[1:], np.full(99, 0.5))
    assert not normal_holds(labels, np.where(np.arange(100) < 5, 0.05, 0.5))
    assert not normal_holds(np.full(3, np.nan), np.ones(3))


def test_gain_and_labels_needed_follow_the_width() -> None:
    random = np.random.default_rng(1)
    labels, said, probabilities = draw(random, errors=0.3, labels=200, found=0.95, alarms=0.05)
    plain, joined = classical(labels, probabilities), stratified(labels, said, probabilities)
    assert plain is not None
    assert joined is not None
    gain = effective_gain(plain, joined)
    assert gain is not None
    assert gain > 2
    needed = labels_needed(plain)
    assert needed is not None
    total = plain.labels + needed
    assert 1.96 * np.sqrt(plain.value * (1 - plain.value) / total) == pytest.approx(0.02, rel=0.03)
    assert labels_needed(joined) is None, "a thousand traces are too few for two points"
    assert labels_needed(joined, half_width=0.035) is not None
    assert labels_needed(plain, half_width=0.5) == 0
