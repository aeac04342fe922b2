import json

import pytest

from metrics.reports.query import MetricsQuery
from tests.factories import make_trace
from tests.metrics.worlds import World

pytestmark = pytest.mark.django_db


def test_a_question_comes_back_from_what_is_stored(world: World) -> None:
    question = MetricsQuery((3, 5), reference=1, judge=2, queue=4, choices=(("subset", "math"),))
    assert MetricsQuery.of(question.stored()) == question
    assert question.key("a") != question.key("b")


def test_a_key_depends_on_every_choice_and_on_the_reports_name() -> None:
    queries = [
        MetricsQuery((1, 2)),
        MetricsQuery((1,)),
        MetricsQuery((1,), reference=2),
        MetricsQuery((1,), judge=2),
        MetricsQuery((1,), other=2),
        MetricsQuery((1,), generator=2),
        MetricsQuery((1,), queue=2),
        MetricsQuery((1,), choices=(("subset", "'; DROP TABLE x"),)),
    ]
    assert len({query.key("judge") for query in queries}) == len(queries)
    assert MetricsQuery((1,)).key("judge") == MetricsQuery((1,)).key("judge")


def test_a_query_survives_json() -> None:
    query = MetricsQuery((), choices=(("subset", "naïve <b>"),))
    assert MetricsQuery.of(json.loads(json.dumps(query.stored()))) == query


def test_no_choices_are_all_traces() -> None:
    assert MetricsQuery((0,)).trace_ids() is None


def test_choices_are_the_traces_that_they_select() -> None:
    trace = make_trace(subset="math")
    make_trace(trace.dataset, subset="gsm8k")
    datasets = (trace.dataset_id,)
    assert MetricsQuery(datasets, choices=(("subset", "math"),)).trace_ids() == [trace.pk]
    with pytest.raises(ValueError, match="subset doesn't apply"):
        MetricsQuery(datasets, choices=(("subset", "odd"),)).trace_ids()
