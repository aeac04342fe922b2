import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from metrics.stats.wilson import wilson_rate


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_rate_equals_scipy(case: tuple[int, int]) -> None:
    count, of = case
    expected = binomtest(count, of).proportion_ci(method="wilson")
    found = wilson_rate(count, of)
    assert found.value == count / of
    assert found.low == pytest.approx(expected.low, abs=1e-12)
    assert found.high == pytest.approx(expected.high, abs=1e-12)


def test_rate_of_nothing_is_undefined() -> None:
    assert wilson_rate(0, 0).value is None
