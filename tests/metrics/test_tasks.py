import pytest

from metrics import tasks
from metrics.reports.query import MetricsQuery
from metrics.summaries import refresh
from tests.metrics.worlds import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(traces=12)


def query_of(world: World) -> MetricsQuery:
    return MetricsQuery((world.dataset.pk,), judge=world.prm.pk)


def test_update_summaries_twice_leaves_the_same(world: World) -> None:
    tasks.update_summaries()
    tasks.update_summaries()
    assert refresh.pending(10) == 0
