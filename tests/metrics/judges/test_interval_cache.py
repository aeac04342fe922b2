import numpy as np
import pytest
from django.core.cache import cache

from metrics.judges import interval_cache
from metrics.judges.interval_cache import cached_f1_intervals
from metrics.judges.leaderboard import build_leaderboard, leaderboard
from metrics.stats.bootstrap import Counts, Intervals, f1_intervals
from metrics.summaries.queries import summary_counts
from tests.metrics.worlds import World

FIRST = np.array([[2, 1, 0, 0, 3], [1, 0, 1, 1, 4]])
SECOND = np.array([[1, 1, 2, 1, 5]])
EMPTY = np.empty((0, 5), dtype=np.int64)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[list[Counts]]:
    """Collect the counts whose intervals were computed; the cache is empty at first."""
    cache.clear()
    calls: list[list[Counts]] = []

    def compute(subsets: list[Counts]) -> Intervals:
        calls.append(subsets)
        return f1_intervals(subsets)

    monkeypatch.setattr(interval_cache, "f1_intervals", compute)
    return calls


def test_the_same_counts_are_computed_once_in_any_order_of_rows(
    computed: list[list[Counts]],
) -> None:
    first = cached_f1_intervals([FIRST, SECOND])
    assert first == f1_intervals([FIRST, SECOND])
    assert cached_f1_intervals([FIRST[::-1].copy(), SECOND]) == first
    assert len(computed) == 1


def test_other_counts_have_other_intervals(computed: list[list[Counts]]) -> None:
    for subsets in ([FIRST], [SECOND], [FIRST, SECOND], [SECOND, FIRST], [FIRST, EMPTY], []):
        assert cached_f1_intervals(subsets) == f1_intervals(subsets)
    assert len(computed) == 6


@pytest.mark.django_db
def test_a_leaderboard_with_cached_intervals_is_that_of_the_verdicts(world: World) -> None:
    counts = summary_counts([world.dataset.pk], world.dataset, None)
    first = build_leaderboard(world.dataset, None, counts, intervals=cached_f1_intervals)
    again = build_leaderboard(world.dataset, None, counts, intervals=cached_f1_intervals)
    assert first == again == leaderboard(world.dataset)
