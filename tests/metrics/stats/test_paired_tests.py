import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as reference_mcnemar
from statsmodels.stats.multitest import multipletests

from metrics.stats.paired_tests import (
    benjamini_hochberg,
    compare_traces,
    holm,
    mcnemar,
    paired_counts,
)
from metrics.stats.processbench import mean_f1, score

NAN = np.nan
prediction = st.sampled_from([-1.0, 0.0, 1.0, 2.0, NAN])
trace = st.tuples(st.sampled_from([-1.0, 0.0, 1.0]), prediction, prediction, st.integers(0, 5))


def f1_by_script(rows: list[tuple[float, float, float, int]], judge: int) -> float | None:
    pairs = [(int(r[0]), None if np.isnan(r[judge]) else int(r[judge])) for r in rows]
    return score(pairs).f1


@settings(max_examples=50, deadline=None)
@given(st.lists(trace, min_size=1, max_size=25), st.integers(0, 9))
def test_compare_gives_the_difference_of_the_figures(
    rows: list[tuple[float, float, float, int]], seed: int
) -> None:
    labels, first, second, problems = np.array(rows, dtype=float).T
    found = compare_traces(labels, first, second, problems=problems, resamples=30)
    a, b = f1_by_script(rows, 1), f1_by_script(rows, 2)
    if a is None or b is None:
        assert found.f1.value is None
        assert found.f1.permutation_p is None
    else:
        assert found.f1.value == pytest.approx(a - b, abs=1e-9)
        assert found.f1.permutation_p is not None
        assert 0 < found.f1.permutation_p <= 1
    assert found.traces == len(rows)
    order = np.random.default_rng(seed).permutation(len(rows))
    again = compare_traces(
        labels[order], first[order], second[order], problems=problems[order], resamples=30
    )
    assert again == found


def test_compare_takes_the_mean_over_subsets() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(-1, 3, 200).astype(float)
    first = np.where(random.random(200) < 0.7, labels, 0)
    second = np.where(random.random(200) < 0.5, labels, NAN)
    subsets = random.choice(["a", "b"], 200)
    found = compare_traces(labels, first, second, problems=np.arange(200), subsets=subsets)
    means = []
    for judge in (first, second):
        parts = [
            score(
                (int(label), None if np.isnan(answer) else int(answer))
                for label, answer in zip(
                    labels[subsets == name], judge[subsets == name], strict=True
                )
            )
            for name in ("a", "b")
        ]
        means.append(mean_f1(part.f1 for part in parts))
    assert means[0] is not None
    assert means[1] is not None
    assert found.f1.value == pytest.approx(means[0] - means[1])
    assert found.f1.permutation_p is not None
    assert found.f1.permutation_p < 0.05
    assert found.f1.interval is not None
    assert found.f1.interval.low > 0


def test_compare_of_a_judge_with_itself_finds_nothing() -> None:
    labels = np.array([0, 1, -1, -1, 2.0])
    found = compare_traces(labels, labels, labels, problems=range(5))
    assert (found.f1.value, found.f1.permutation_p, found.mcnemar_p) == (0.0, 1.0, None)
    assert compare_traces([], [], [], problems=[]).f1.value is None


def test_permutation_p_is_that_of_all_swaps_on_few_problems() -> None:
    """Four problems have sixteen ways of swapping; the tosses come near their exact share."""
    labels = np.array([0, 1, 2, -1, -1, -1, 0, 1.0])
    first = np.array([0, 1, 2, -1, -1, 0, 0, 0.0])
    second = np.array([0, 0, NAN, -1, 1, -1, 1, 1.0])
    problems = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    counts = paired_counts(labels, first, second, problems)
    differences = []
    for swaps in range(16):
        sums = sum(
            row[[0, 1, 4, 5, 2, 3]] if swaps >> i & 1 else row for i, row in enumerate(counts)
        )
        e, c, fe, fc, se, sc = (float(x) for x in np.asarray(sums))
        f1s = [2 * (x / e) * (y / c) / (x / e + y / c) for x, y in ((fe, fc), (se, sc))]
        differences.append(f1s[0] - f1s[1])
    exact = np.mean(np.abs(differences) >= abs(differences[0]) - 1e-12)
    found = compare_traces(labels, first, second, problems=problems, resamples=8000)
    assert found.f1.permutation_p == pytest.approx(exact, abs=0.02)


def test_permutation_keeps_its_level_where_traces_share_problems() -> None:
    """Equal judges, with eight traces a problem that are right or wrong together."""
    random = np.random.default_rng(11)
    rejected_pairs = rejected_mcnemar = 0
    for _ in range(120):
        labels = np.tile([0.0, -1.0], 80)
        problems = np.repeat(np.arange(20), 8)
        judges = [
            np.where(np.repeat(random.random(20) < 0.5, 8), labels, NAN)
            for _ in ("first", "second")
        ]
        found = compare_traces(labels, *judges, problems=problems, resamples=200)
        rejected_pairs += (found.f1.permutation_p or 1) < 0.05
        rejected_mcnemar += (found.mcnemar_p or 1) < 0.05
    assert rejected_pairs <= 13
    assert rejected_mcnemar > 45


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_equals_statsmodels(only_first: int, only_second: int) -> None:
    found = mcnemar(only_first, only_second)
    if only_first + only_second == 0:
        assert found is None
    else:
        table = [[5, only_first], [only_second, 7]]
        assert found == pytest.approx(reference_mcnemar(table, exact=True).pvalue)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=12))
def test_corrections_equal_statsmodels_and_leave_gaps(p_values: list[float | None]) -> None:
    present = [p for p in p_values if p is not None]
    for correction, method in [(holm, "holm"), (benjamini_hochberg, "fdr_bh")]:
        found = correction(p_values)
        assert [f is None for f in found] == [p is None for p in p_values]
        if present:
            expected = multipletests(present, method=method)[1]
            assert [f for f in found if f is not None] == pytest.approx(expected.tolist())
