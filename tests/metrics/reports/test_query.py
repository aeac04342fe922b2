import pytest

from metrics.reports.query import MetricsQuery
from tests.metrics.worlds import World

pytestmark = pytest.mark.django_db


def test_a_question_comes_back_from_what_is_stored(world: World) -> None:
    question = MetricsQuery((3, 5), reference=1, judge=2, queue=4, choices=(("subset", "math"),))
    assert MetricsQuery.of(question.stored()) == question
    assert question.key("a") != question.key("b")
