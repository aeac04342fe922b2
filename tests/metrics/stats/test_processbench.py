import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.processbench import f1, mean_f1, score

labels = st.integers(-1, 6)
pairs = st.lists(st.tuples(labels, st.one_of(st.none(), labels)), max_size=60)


def independent(rows: list[tuple[int, int | None]]) -> float:
    """Compute the metric as the authors' script does."""
    a = 100 * np.mean([prediction == label for label, prediction in rows if label != -1])
    b = 100 * np.mean([prediction == label for label, prediction in rows if label == -1])
    return float(2 * a * b / (a + b))


@given(pairs)
def test_score_equals_an_independent_computation(rows: list[tuple[int, int | None]]) -> None:
    found = score(rows)
    erroneous = [row for row in rows if row[0] != -1]
    assert found.n == len(rows)
    assert found.n_erroneous == len(erroneous)
    assert found.unparsable == sum(prediction is None for _, prediction in rows)
    if not erroneous or len(erroneous) == len(rows):
        assert found.f1 is None
    elif found.accuracy_erroneous or found.accuracy_correct:
        assert found.f1 == independent(rows)
    else:
        assert found.f1 == 0.0


@given(pairs, st.randoms())
def test_score_does_not_depend_on_the_order(
    rows: list[tuple[int, int | None]], shuffler: random.Random
) -> None:
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert score(shuffled) == score(rows)


@pytest.mark.parametrize("subset", ["gsm8k", "math"])
@pytest.mark.parametrize("seed", range(3))
def test_score_equals_the_script_on_processbench_to_the_last_digit(
    shared_data: Callable[[str], Path], subset: str, seed: int
) -> None:
    rows = json.loads(shared_data(f"processbench/{subset}.json").read_text())
    chance = random.Random(seed)
    made = [
        (row["label"], chance.choice([row["label"], row["label"], -1, 0, 1, None])) for row in rows
    ]
    found = score(made)
    assert found.f1 == independent(made)
    assert found.n == len(rows)
    assert 0 < found.unparsable < len(rows)


def test_score_of_one_kind_of_trace_has_no_f1() -> None:
    found = score([(2, 2), (1, None)])
    assert (found.accuracy_erroneous, found.accuracy_correct, found.f1) == (50.0, None, None)
    assert score([(-1, -1)]).accuracy_erroneous is None


def test_score_of_nothing_is_undefined() -> None:
    found = score([])
    assert (found.n, found.f1, found.accuracy_erroneous) == (0, None, None)


def test_f1_of_two_zeros_is_zero() -> None:
    assert f1(0.0, 0.0) == 0.0


def test_mean_f1_is_over_the_defined_subsets() -> None:
    assert mean_f1([80.0, None, 60.0]) == 70.0
    assert mean_f1([None]) is None
    assert mean_f1([]) is None


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_mean_f1_equals_numpy(values: list[float]) -> None:
    assert mean_f1(values) == float(np.mean(values))
