"""Stored predictions on the public benchmark, scored here by other means than the product's."""

import json
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from metrics.stats.agreement import pair_agreement
from metrics.stats.bootstrap import Floats, f1_intervals
from metrics.stats.breakdown import breakdown
from metrics.stats.confusion_matrix import confusion, outcomes
from metrics.stats.paired_tests import compare_traces
from metrics.stats.processbench import mean_f1, score
from metrics.stats.thresholds import score_at, windows

Data = Callable[[str], Path]
Row = dict[str, object]
Prediction = int | None


def load(shared_data: Data, subset: str) -> list[tuple[str, int, int]]:
    """Problem, label and number of steps of each row."""
    rows = json.loads(shared_data(f"processbench/{subset}.json").read_text())
    return [(row["problem"], row["label"], len(row["steps"])) for row in rows]


def predict(rows: list[tuple[str, int, int]], seed: int) -> list[Prediction]:
    """Make a middling judge: often right, often off by one, sometimes without an answer."""
    chance = random.Random(seed)
    return [
        chance.choice([label, label, -1, None, min(label + 1, steps - 1), chance.randrange(steps)])
        for _, label, steps in rows
    ]


def exact_f1(pairs: list[tuple[int, Prediction]]) -> Fraction | None:
    """Return 2ab/(a + b) of the two accuracies in whole numbers, 0 for two zeros."""
    wrong = [(label, said) for label, said in pairs if label != -1]
    right = [(label, said) for label, said in pairs if label == -1]
    if not wrong or not right:
        return None
    a = Fraction(sum(label == said for label, said in wrong), len(wrong))
    b = Fraction(sum(label == said for label, said in right), len(right))
    return 200 * a * b / (a + b) if a + b else Fraction(0)


def as_array(predictions: list[Prediction]) -> Floats:
    return np.array([np.nan if said is None else said for said in predictions], dtype=float)


@pytest.mark.parametrize("seed", range(3))
def test_f1_of_stored_predictions_is_exact(shared_data: Data, seed: int) -> None:
    f1s = []
    for subset in ("gsm8k", "math"):
        rows = load(shared_data, subset)
        predictions = predict(rows, seed)
        pairs = [(row[1], said) for row, said in zip(rows, predictions, strict=True)]
        expected = exact_f1(pairs)
        found = score(pairs)
        assert expected is not None
        assert found.f1 == pytest.approx(float(expected), rel=1e-14)
        assert found.unparsable == predictions.count(None) > 0
        f1s.append((found.f1, expected))
    mean = mean_f1(f1 for f1, _ in f1s)
    assert mean == pytest.approx(float(sum(f1 for _, f1 in f1s) / 2), rel=1e-14)


def test_a_subset_of_one_kind_has_no_f1_and_two_zeros_have_zero(shared_data: Data) -> None:
    rows = load(shared_data, "gsm8k")
    erroneous = [(label, label) for _, label, _ in rows if label != -1]
    assert (score(erroneous).f1, score(erroneous).accuracy_erroneous) == (None, 100.0)
    nothing = [(label, None) for _, label, _ in rows]
    assert (score(nothing).f1, score(nothing).unparsable) == (0.0, len(rows))
    only = breakdown(["one"] * len(erroneous), *np.array(erroneous).T, range(len(erroneous)))
    assert only[0].score.f1 is None
    assert only[0].f1_interval is None


def test_outcomes_and_positions_of_stored_predictions(shared_data: Data) -> None:
    rows = load(shared_data, "math")
    predictions = predict(rows, 5)
    pairs = Counter(zip((row[1] for row in rows), predictions, strict=True))
    cells = [(label, said, n) for (label, said), n in pairs.items()]
    found = outcomes(cells)
    truth, said = np.array([row[1] for row in rows]), as_array(predictions)
    assert found.unparsable == np.isnan(said).sum()
    assert found.exact == ((said == truth) & (truth >= 0)).sum()
    assert found.too_early == ((said >= 0) & (said < truth)).sum()
    assert found.too_late == ((said > truth) & (truth >= 0)).sum()
    assert found.missed == ((said == -1) & (truth >= 0)).sum()
    assert found.false_alarm == ((said >= 0) & (truth == -1)).sum()
    assert found.accepted == ((said == -1) & (truth == -1)).sum()
    matrix = confusion(cells)
    assert matrix.counts[0, 0] == ((truth == 0) & (said == 0)).sum()
    assert matrix.counts[5].sum() == ((truth >= 6) & (truth <= 8)).sum()


def test_ties_at_the_threshold_are_right(shared_data: Data) -> None:
    """Scores of quarters tie with the threshold of a half often; a tie is no error."""
    rows = load(shared_data, "gsm8k")
    chance = random.Random(1)
    scores = [
        None
        if chance.random() < 0.03
        else [chance.randrange(2, 5) / 4 for _ in range(steps)]
        if label == -1
        else [chance.randrange(0 if i >= label else 2, 5) / 4 for i in range(steps)]
        for _, label, steps in rows
    ]
    said = [
        None if row is None else next((i for i, one in enumerate(row) if one < 0.5), -1)
        for row in scores
    ]
    labels = [label for _, label, _ in rows]
    found = score_at(windows(labels, scores), 0.5)
    assert found == score(zip(labels, said, strict=True))
    assert found.f1 == pytest.approx(float(exact_f1(list(zip(labels, said, strict=True))) or 0))


def test_two_judges_of_stored_predictions(shared_data: Data) -> None:
    rows = load(shared_data, "math")
    labels = np.array([row[1] for row in rows], dtype=float)
    first, second = predict(rows, 1), predict(rows, 2)
    found = compare_traces(
        labels,
        as_array(first),
        as_array(second),
        problems=[row[0] for row in rows],
        resamples=200,
    )
    f1s = [
        exact_f1([(row[1], s) for row, s in zip(rows, said, strict=True)])
        for said in (first, second)
    ]
    assert found.f1.value == pytest.approx(float((f1s[0] or 0) - (f1s[1] or 0)), abs=1e-10)
    assert found.problems == len({row[0] for row in rows}) < found.traces == len(rows)
    agreed = pair_agreement(
        as_array(first), as_array(second), [row[0] for row in rows], resamples=50
    )
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    assert agreed.traces == len(both)
    assert agreed.exact.value == pytest.approx(np.mean([a == b for a, b in both]))
    assert agreed.cohen.value == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)))


def test_order_duplicates_and_missing_verdicts(shared_data: Data) -> None:
    """Neither order nor a second copy of every problem changes a figure.

    A missing verdict removes its trace and leaves the others.
    """
    rows = load(shared_data, "gsm8k")
    pairs = [(row[1], said) for row, said in zip(rows, predict(rows, 3), strict=True)]
    shuffled = random.Random(0).sample(pairs, len(pairs))
    assert score(shuffled) == score(pairs)
    assert score(pairs + pairs).f1 == score(pairs).f1
    kept = pairs[::2]
    assert score(kept).f1 == pytest.approx(float(exact_f1(kept) or 0))
    columns = np.array(
        [
            (
                label != -1,
                label != -1 and label == said,
                label == -1,
                label == -1 and label == said,
                1,
            )
            for label, said in pairs
        ],
        dtype=np.int64,
    )
    once = f1_intervals([columns]).mean
    order = np.random.default_rng(0).permutation(len(columns))
    assert f1_intervals([columns[order]]).mean == once
    twice = f1_intervals([np.vstack([columns, columns])]).mean
    assert once is not None
    assert twice is not None
    assert twice.high - twice.low < once.high - once.low
