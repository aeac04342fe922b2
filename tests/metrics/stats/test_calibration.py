import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from metrics.stats.bootstrap import Floats
from metrics.stats.calibration import by_votes, calibration, equal_mass_edges, step_truth

NAN = np.nan
cases = st.lists(
    st.tuples(st.booleans(), st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.1, 0.5, 1.0]))),
    min_size=1,
    max_size=60,
).map(lambda rows: (np.array([float(t) for t, _ in rows]), np.array([s for _, s in rows])))


def reference_ece(truth: Floats, scores: Floats, edges: Floats) -> float:
    """Bin by bin, a bin having its upper edge and the first its lower too."""
    total = 0.0
    for i in range(len(edges) - 1):
        inside = (scores > edges[i]) & (scores <= edges[i + 1])
        if i == 0:
            inside |= scores == edges[0]
        if inside.any():
            total += inside.mean() * abs(scores[inside].mean() - truth[inside].mean())
    return float(total)


@settings(max_examples=60, deadline=None)
@given(cases, st.booleans(), st.integers(1, 12))
def test_calibration_equals_references(
    case: tuple[Floats, Floats], equal_mass: bool, bins: int
) -> None:
    truth, scores = case
    found = calibration(truth, scores, bins=bins, equal_mass=equal_mass)
    assert found is not None
    assert found.brier.score == pytest.approx(brier_score_loss(truth, scores, pos_label=1))
    edges = equal_mass_edges(scores, bins) if equal_mass else np.linspace(0, 1, bins + 1)
    assert found.expected_error == pytest.approx(reference_ece(truth, scores, edges), abs=1e-9)
    assert sum(one.right.of for one in found.bins) == found.steps == len(truth)
    parts = found.brier
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(parts.score)


def test_bins_equal_scikit_learns_curve() -> None:
    random = np.random.default_rng(2)
    scores = random.random(800)
    truth = (random.random(800) < scores**2).astype(float)
    found = calibration(truth, scores)
    assert found is not None
    share, mean = calibration_curve(truth, scores, n_bins=10)
    assert [one.right.value for one in found.bins] == pytest.approx(share.tolist())
    assert [one.mean_score for one in found.bins] == pytest.approx(mean.tolist())
    mass = calibration(truth, scores, equal_mass=True)
    assert mass is not None
    assert {one.right.of for one in mass.bins} == {80}


@settings(max_examples=30, deadline=None)
@given(cases)
def test_scores_that_are_the_truth_of_their_value_have_nothing_within(
    case: tuple[Floats, Floats],
) -> None:
    truth = case[0]
    found = calibration(truth, np.full(len(truth), truth.mean()))
    assert found is not None
    assert found.expected_error == pytest.approx(0, abs=1e-12)
    assert found.brier.within == pytest.approx(0, abs=1e-12)
    assert found.brier.score == pytest.approx(found.brier.uncertainty)


@settings(max_examples=20, deadline=None)
@given(cases, st.integers(0, 99))
def test_order_and_unknown_steps_change_nothing(case: tuple[Floats, Floats], seed: int) -> None:
    truth, scores = case
    order = np.random.default_rng(seed).permutation(len(truth))
    more = np.concatenate([truth[order], [NAN, 1.0]]), np.concatenate([scores[order], [0.3, NAN]])
    found, again = calibration(truth, scores), calibration(*more)
    assert found is not None
    assert again is not None
    assert again.steps == found.steps
    assert again.expected_error == pytest.approx(found.expected_error)
    assert again.brier.score == pytest.approx(found.brier.score)


def test_step_truth_knows_nothing_after_the_first_error() -> None:
    assert step_truth(2, 5).tolist()[:3] == [1, 1, 0]
    assert np.isnan(step_truth(2, 5)[3:]).all()
    assert step_truth(-1, 3).tolist() == [1, 1, 1]
    assert np.isnan(step_truth(None, 3)).all()
    assert step_truth(0, 1).tolist() == [0]


def test_step_labels_go_before_the_first_error() -> None:
    truth = step_truth(1, 4, step_labels=[1, -1, 0, None])
    assert truth[:3].tolist() == [1, 0, 1]
    assert np.isnan(truth[3])
    assert np.isnan(step_truth(1, 3, step_labels=[1, -1, 0], neutral=NAN)[2])


def test_calibration_of_nothing_is_undefined_and_of_other_scales_refused() -> None:
    assert calibration(np.array([NAN, 1.0]), np.array([0.5, NAN])) is None
    with pytest.raises(ValueError, match="Only probabilities from 0 to 1"):
        calibration(np.ones(2), np.array([-1.5, 2.0]))


def test_votes_are_set_against_how_often_they_are_right() -> None:
    found = by_votes([1.0, 0.5, 0.5, 1.0, 0.5], [True, False, True, True, False])
    assert [(share, one.count, one.of) for share, one in found] == [(0.5, 1, 3), (1.0, 2, 2)]
    assert by_votes([], []) == []
