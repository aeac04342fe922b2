import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from metrics.stats.bootstrap import Counts
from metrics.stats.survival import log_rank, survival

# (number of steps, label 0-based or -1)
traces = st.lists(
    st.integers(1, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(-1, n - 1))),
    min_size=1,
    max_size=40,
)
Rows = list[tuple[int, int]]


def counts(rows: Rows) -> tuple[Counts, Counts]:
    errors, ended = np.zeros(8, dtype=np.int64), np.zeros(9, dtype=np.int64)
    for steps, label in rows:
        if label >= 0:
            errors[label] += 1
        else:
            ended[steps] += 1
    return errors, ended


def times(rows: Rows) -> tuple[list[int], list[bool]]:
    return [n if label < 0 else label + 1 for n, label in rows], [label >= 0 for _, label in rows]


@settings(max_examples=40, deadline=None)
@given(traces)
def test_survival_equals_lifelines(rows: Rows) -> None:
    fitted = KaplanMeierFitter().fit(*times(rows))
    limits = fitted.confidence_interval_survival_function_
    found = survival(*counts(rows))
    assert found[-1].step == max(times(rows)[0])
    for point in found:
        assert point.right == pytest.approx(float(fitted.predict(point.step)), abs=1e-9)
        if point.low is not None:
            place = limits.index[limits.index <= point.step][-1]
            low, high = limits.loc[place]
            assert (point.low, point.high) == pytest.approx((low, high), abs=1e-6)
        else:
            assert point.right in (0.0, 1.0)


@pytest.mark.filterwarnings("ignore:Starting with pandas")
@settings(max_examples=40, deadline=None)
@given(traces, traces)
def test_log_rank_equals_lifelines(first: Rows, second: Rows) -> None:
    found = log_rank(*counts(first), *counts(second))
    (times_a, errors_a), (times_b, errors_b) = times(first), times(second)
    telling = [
        t for t, failed in zip(times_a + times_b, errors_a + errors_b, strict=True) if failed
    ]
    telling = [
        t
        for t in telling
        if (a := sum(u >= t for u in times_a)) > 0
        and (b := sum(u >= t for u in times_b)) > 0
        and a + b
        > sum(u == t and e for u, e in zip(times_a, errors_a, strict=True))
        + sum(u == t and e for u, e in zip(times_b, errors_b, strict=True))
    ]
    assert (found is None) == (not telling)
    if found is None:
        return
    expected = logrank_test(times_a, times_b, errors_a, errors_b)
    assert found.statistic == pytest.approx(expected.test_statistic, abs=1e-8)
    assert found.p == pytest.approx(expected.p_value, abs=1e-8)


def test_survival_by_hand() -> None:
    """Four traces: one errs at once, one ends after a step, one errs in the second step."""
    points = survival(np.array([1, 1]), np.array([0, 1, 0, 1]))
    assert [point.right for point in points] == pytest.approx([0.75, 0.375, 0.375])
    assert [point.at_risk for point in points] == [4, 2, 1]
    assert [point.errors for point in points] == [1, 1, 0]


def test_survival_has_no_interval_before_the_first_error_and_after_the_last_trace() -> None:
    points = survival(np.array([0, 1, 1]), np.array([0]))
    assert [point.low is None for point in points] == [True, False, True]
    assert points[-1].right == 0.0
    assert survival(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)) == []


def test_log_rank_without_errors_is_undefined() -> None:
    nothing, ended = np.zeros(3, dtype=np.int64), np.array([0, 2, 1])
    assert log_rank(nothing, ended, nothing, ended) is None
