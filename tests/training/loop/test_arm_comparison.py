"""Paired differences, and what counts as won."""

import random

import pytest

from training.loop.arm_comparison import difference, f1_difference


def test_a_difference_is_the_mean_over_seeds_with_an_interval_around_it():
    chance = random.Random(1)
    better = [[chance.random() < 0.8 for _ in range(500)] for _ in range(3)]
    worse = [[chance.random() < 0.5 for _ in range(500)] for _ in range(3)]
    found = difference("a", "b", better, worse)
    expected = [(sum(x) - sum(y)) / 500 for x, y in zip(better, worse, strict=True)]
    assert found.by_seed == pytest.approx(expected)
    assert found.mean == pytest.approx(sum(expected) / 3)
    assert 0.2 < found.low < found.mean < found.high < 0.4
    assert found.verdict == "a is better"
    assert difference("b", "a", worse, better).verdict == "b is better"


def test_arms_that_solve_the_same_are_level():
    same = [[True, False] * 50]
    found = difference("a", "b", same, same)
    assert (found.mean, found.low, found.high, found.verdict) == (0, 0, 0, "level")


def test_a_difference_of_f1s_is_between_judges_of_the_same_traces():
    labels = [[-1, 0, 1, 2] * 50]
    right, half = labels, [[-1, 0, -1, -1] * 50]
    found = f1_difference("a", "b", labels, right, half)
    assert found.mean == pytest.approx(1 - 2 * (1 / 3) / (1 + 1 / 3))
    assert found.verdict == "a is better"
