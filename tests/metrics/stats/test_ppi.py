import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ppi_py import crossppi_mean_ci, ppi_mean_ci, ppi_mean_pointestimate

from metrics.stats.bootstrap import Floats
from metrics.stats.ppi import powered_mean, weighted_mean


def sample(seed: int, *, binary: bool) -> tuple[Floats, Floats, Floats]:
    random = np.random.default_rng(seed)
    n, others = int(random.integers(3, 40)), int(random.integers(3, 200))
    truth = (random.random(n + others) < random.uniform(0.1, 0.9)).astype(float)
    said = np.where(random.random(n + others) < random.uniform(0.1, 1.0), truth, 1 - truth)
    if not binary:
        said = np.clip(said * 0.6 + random.random(n + others) * 0.4, 0, 1)
    return truth[:n], said[:n], said[n:]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.0, 0.4, 1.0, None]))
def test_powered_mean_equals_ppi_python(seed: int, binary: bool, power: float | None) -> None:
    labels, predictions, pool = sample(seed, binary=binary)
    found = powered_mean(labels, predictions, pool, power=power)
    if power is None and np.concatenate([predictions, pool]).var() == 0:
        assert found is not None
        assert found.power == 0
        return
    low, high = ppi_mean_ci(labels, predictions, pool, alpha=0.05, lam=power)
    value = ppi_mean_pointestimate(labels, predictions, pool, lam=power)
    assert found is not None
    assert found.value == pytest.approx(np.asarray(value).item(), abs=1e-12)
    assert found.interval.low == pytest.approx(np.asarray(low).item(), abs=1e-9)
    assert found.interval.high == pytest.approx(np.asarray(high).item(), abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_powered_mean_of_a_fold_average_equals_cross_prediction(seed: int) -> None:
    labels, predictions, pool = sample(seed, binary=False)
    models = np.column_stack([pool, np.roll(pool, 1), pool[::-1]])
    found = powered_mean(labels, predictions, models.mean(axis=1), power=1.0)
    low, high = crossppi_mean_ci(labels, predictions, models, alpha=0.05)
    assert found is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (np.asarray(low).item(), np.asarray(high).item()), abs=1e-9
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.7, 1.0]))
def test_weighted_mean_equals_ppi_python_with_weights(seed: int, power: float) -> None:
    """The pool holds the labelled traces too, as it does when people label some of a dataset."""
    labels, predictions, pool = sample(seed, binary=False)
    probabilities = np.random.default_rng(seed).uniform(0.05, 1, len(labels))
    population = np.concatenate([predictions, pool])
    gaps = np.full(len(pool), np.nan)
    found = weighted_mean(
        np.concatenate([labels, gaps]),
        population,
        np.concatenate([probabilities, gaps]),
        power=power,
    )
    expected = ppi_mean_pointestimate(
        labels, predictions, population, lam=power, w=1 / probabilities
    )
    assert found is not None
    assert found.value == pytest.approx(np.asarray(expected).item(), abs=1e-12)


def test_weighted_mean_of_everything_labelled_is_the_mean_of_the_labels() -> None:
    labels = np.array([1, 0, 0, 1, 1.0])
    found = weighted_mean(labels, np.array([0, 1, 0, 1, 0.0]), np.ones(5))
    assert found is not None
    assert found.value == pytest.approx(0.6)
    assert found.variance == pytest.approx(labels.var() / 5)


def test_weighted_mean_widens_when_traces_share_problems() -> None:
    random = np.random.default_rng(2)
    truth = np.repeat(random.random(100) < 0.4, 10).astype(float)
    labels = np.where(random.random(1000) < 0.3, truth, np.nan)
    said = np.where(random.random(1000) < 0.8, truth, 1 - truth)
    alone = weighted_mean(labels, said, np.full(1000, 0.3))
    shared = weighted_mean(labels, said, np.full(1000, 0.3), problems=np.repeat(np.arange(100), 10))
    assert alone is not None
    assert shared is not None
    assert shared.value == alone.value
    assert shared.variance > 2 * alone.variance


def test_means_of_too_few_labels_are_undefined() -> None:
    one = np.array([1.0])
    assert powered_mean(one, one, np.array([0.0, 1.0])) is None
    assert weighted_mean(np.array([1.0, np.nan]), np.zeros(2), np.ones(2)) is None
