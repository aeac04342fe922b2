"""Paired differences and their verdicts."""

import random

import pytest

from training.loop.arm_comparison import difference, f1_difference


def test_a_difference_is_the_mean_over_seeds_with_an_interval_around_it():
    rng = random.Random(1)
    better = [[rng.random() < 0.8 for _ in range(500)] for _ in range(3)]
    worse = [[rng.random() < 0.5 for _ in range(500)] for _ in range(3)]
    result = difference("a", "b", better, worse)
    expected = [(sum(x) - sum(y)) / 500 for x, y in zip(better, worse, strict=True)]
    assert result.by_seed == pytest.approx(expected)
    assert result.mean == pytest.approx(sum(expected) / 3)
    assert 0.2 < result.low < result.mean < result.high < 0.4
    assert result.verdict == "a is better"
    assert difference("b", "a", worse, better).verdict == "b is better"


def test_arms_that_solve_the_same_are_level():
    same = [[True, False] * 50]
    result = difference("a", "b", same, same)
    assert (result.mean, result.low, result.high, result.verdict) == (0, 0, 0, "level")


def test_a_difference_of_f1s_is_between_judges_of_the_same_traces():
    labels = [[-1, 0, 1, 2] * 50]
    right, half = labels, [[-1, 0, -1, -1] * 50]
    result = f1_difference("a", "b", labels, right, half)
    assert result.mean == pytest.approx(1 - 2 * (1 / 3) / (1 + 1 / 3))
    assert result.verdict == "a is better"
