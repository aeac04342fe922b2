import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.memorization import VariantPair, memorization

share = st.sampled_from([0.0, 0.25, 0.5, 1.0])
cases = st.lists(
    st.tuples(st.sampled_from("pqrst"), st.lists(share, min_size=1, max_size=3), share)
)


def pairs_of(rows: list[tuple[str, list[float], float]]) -> list[VariantPair]:
    """Make an original a row, with its variants."""
    return [
        VariantPair(family, f"{family}-{i}", original, variant)
        for i, (family, variants, original) in enumerate(rows)
        for variant in variants
    ]


def test_memorization_is_accuracy_times_inconsistency() -> None:
    """Four of five originals are solved; one of the four is solved in its variant too."""
    solved = [(1, 1), (1, 0), (1, 0), (1, 0), (0, 1)]
    found = memorization(VariantPair(str(i), str(i), o, v) for i, (o, v) in enumerate(solved))
    assert found.accuracy.value == 0.8
    assert found.variant_accuracy.value == 0.4
    assert found.consistency.value == 0.25
    assert found.score.value == pytest.approx(0.8 * (1 - 0.25))
    assert found.score.interval is not None
    assert 0 <= found.score.interval.low < 0.6 < found.score.interval.high <= 1


@settings(max_examples=40, deadline=None)
@given(cases, st.randoms())
def test_memorization_keeps_its_formula_and_no_order(
    rows: list[tuple[str, list[float], float]], shuffler: random.Random
) -> None:
    pairs = pairs_of(rows)
    found = memorization(pairs, resamples=20)
    if not rows:
        assert found.score.value is None
        return
    assert found.accuracy.value == pytest.approx(np.mean([original for _, _, original in rows]))
    if found.consistency.value is None:
        assert found.score.value == 0
    else:
        assert found.accuracy.value is not None
        expected = found.accuracy.value * (1 - found.consistency.value)
        assert found.score.value == pytest.approx(expected, abs=1e-12)
    shuffled = list(pairs)
    shuffler.shuffle(shuffled)
    again = memorization(shuffled, resamples=20)
    assert again.score.value == pytest.approx(found.score.value, abs=1e-12)
    assert (again.originals, again.families) == (len(rows), len({row[0] for row in rows}))


def test_memorization_of_one_family_has_no_interval() -> None:
    found = memorization([VariantPair("f", "a", 1, 0), VariantPair("f", "b", 1, 1)])
    assert found.score.value == 0.5
    assert found.score.interval is None


def test_memorization_interval_resamples_families() -> None:
    alone = [VariantPair(str(i), str(i), 1.0, float(i % 2)) for i in range(60)]
    shared = [
        VariantPair(str(i // 2 % 6 * 2 + i % 2), str(i), 1.0, float(i % 2)) for i in range(60)
    ]
    narrow, wide = memorization(alone).score, memorization(shared).score
    assert narrow.interval is not None
    assert wide.interval is not None
    assert narrow.value == wide.value == 0.5
    width = wide.interval.high - wide.interval.low
    assert width > 1.5 * (narrow.interval.high - narrow.interval.low)
