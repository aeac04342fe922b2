import pytest

from metrics.judges.interval_cache import cached_f1_intervals
from metrics.judges.leaderboard import build_leaderboard, leaderboard
from metrics.summaries.queries import summary_counts
from tests.metrics.worlds import World

pytestmark = pytest.mark.django_db


def test_intervals_are_remembered_for_the_same_counts(world: World) -> None:
    found = summary_counts([world.dataset.pk], world.dataset, None)
    first = build_leaderboard(world.dataset, None, found, intervals=cached_f1_intervals)
    again = build_leaderboard(world.dataset, None, found, intervals=cached_f1_intervals)
    assert first == again == leaderboard(world.dataset)
