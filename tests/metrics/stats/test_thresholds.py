import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.processbench import SubsetScore, score
from metrics.stats.splits import in_development
from metrics.stats.thresholds import (
    Windows,
    best_threshold,
    between,
    choose,
    curve,
    score_at,
    windows,
)

# Few values, so that ties abound.
value = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.9, 1.0])
scores = st.one_of(st.none(), st.lists(value, min_size=1, max_size=5))
traces = st.lists(
    scores.flatmap(lambda s: st.tuples(st.integers(-1, (len(s) if s else 4) - 1), st.just(s))),
    min_size=1,
    max_size=20,
)
Rows = list[tuple[int, list[float] | None]]


def verdict(row: list[float] | None, threshold: float) -> int | None:
    if row is None:
        return None
    return next((i for i, one in enumerate(row) if one < threshold), -1)


def scored(rows: Rows, threshold: float) -> SubsetScore:
    return score((label, verdict(row, threshold)) for label, row in rows)


def windows_of(rows: Rows) -> Windows:
    return windows([label for label, _ in rows], [row for _, row in rows])


@settings(max_examples=60, deadline=None)
@given(traces)
def test_curve_equals_scoring_again_at_each_threshold(rows: Rows) -> None:
    found = curve(windows_of(rows))
    for i, threshold in enumerate(found.thresholds):
        expected = scored(rows, threshold)
        for got, want in [
            (found.f1[i], expected.f1),
            (found.accuracy_erroneous[i], expected.accuracy_erroneous),
            (found.accuracy_correct[i], expected.accuracy_correct),
        ]:
            assert np.isnan(got) if want is None else got == pytest.approx(want)
        assert score_at(windows_of(rows), threshold) == expected


@settings(max_examples=60, deadline=None)
@given(traces)
def test_no_threshold_is_better_than_the_best(rows: Rows) -> None:
    best = best_threshold(windows_of(rows))
    tried = [0.0, 0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.50000005, 0.5000001, 0.7, 0.9, 0.95, 1.0, 1.1]
    f1s = [f1 for f1 in (scored(rows, threshold).f1 for threshold in tried) if f1 is not None]
    if best is None:
        assert f1s == []
    else:
        found = scored(rows, best).f1
        assert found is not None
        assert found >= max(f1s) - 1e-9


@settings(max_examples=30, deadline=None)
@given(traces, st.randoms())
def test_threshold_does_not_depend_on_the_order(rows: Rows, shuffler: object) -> None:
    shuffled = list(rows)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert best_threshold(windows_of(shuffled)) == best_threshold(windows_of(rows))
    assert best_threshold(windows_of(rows * 2)) == best_threshold(windows_of(rows))


def test_best_threshold_is_the_middle_of_the_widest_stretch() -> None:
    rows: Rows = [(0, [0.2, 0.9]), (-1, [0.8, 0.9]), (1, [0.85, 0.1])]
    assert best_threshold(windows_of(rows)) == pytest.approx(0.5)


def test_between_neighbouring_numbers_takes_the_upper() -> None:
    upper = float(np.nextafter(0.5, 1))
    assert between(np.array([0.5, upper])).tolist() == [0.0, upper, upper + 0.5]


def test_a_trace_without_scores_is_wrong_at_every_threshold() -> None:
    rows: Rows = [(0, None), (-1, None), (-1, [0.9]), (0, [0.1])]
    found = score_at(windows_of(rows), 0.5)
    assert (found.accuracy_erroneous, found.accuracy_correct, found.unparsable) == (50.0, 50.0, 2)


def test_choose_takes_the_threshold_from_other_problems_than_it_scores() -> None:
    random = np.random.default_rng(3)
    rows: Rows = []
    problems = []
    for i in range(400):
        label = int(random.integers(-1, 4))
        steps = random.uniform(0.75, 1.0, 4)
        if label >= 0:
            steps[label] = random.uniform(0.4, 0.8)
        rows.append((label, steps.tolist()))
        problems.append(f"problem {i // 2}")
    found = choose(windows_of(rows), problems, default=0.5)
    held_out = [row for row, name in zip(rows, problems, strict=True) if not in_development(name)]
    assert found.threshold is not None
    assert 0.7 < found.threshold < 0.85
    assert found.held_out == scored(held_out, found.threshold)
    assert found.held_out_at_default == scored(held_out, 0.5)
    assert found.development.n + found.held_out.n == 400
    assert 40 < found.development.n < 130


def test_choose_without_development_traces_falls_back_to_the_default() -> None:
    found = choose(windows_of([(0, [0.1]), (-1, [0.9])]), ["a", "b"], default=0.5, share=0.0)
    assert found.threshold is None
    assert found.held_out.f1 == 100.0
