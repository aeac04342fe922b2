"""The traces that a queue's filter selects."""

import pytest

from annotations.queues.populate import fill
from tests.annotations.factories import make_queue
from tests.annotations.queues.samples import lot, traces
from tests.factories import (
    make_dataset,
    make_scorer,
    make_trace,
    make_verdict,
)

pytestmark = pytest.mark.django_db


def test_filling_takes_what_the_choices_choose():
    dataset = make_dataset()
    wanted = make_trace(dataset, generator="model-b")
    make_trace(dataset, generator="model-a")
    queue = make_queue(0, dataset=dataset, choices={"generator": wanted.generator_id})
    assert list(queue.items.values_list("trace", flat=True)) == [wanted.pk]
    assert fill(queue) == 0


def test_filling_takes_what_judges_disagree_on():
    dataset = make_dataset()
    judges = [make_scorer().judge, make_scorer().judge]
    split, alike, lone = (make_trace(dataset) for _ in range(3))
    for trace, labels in [(split, [0, 1]), (alike, [1, 1]), (lone, [1])]:
        for judge, label in zip(judges, labels, strict=False):
            make_verdict(trace, judge, label)
    queue = make_queue(0, dataset=dataset, disagreeing=[judge.pk for judge in judges])
    assert list(queue.items.values_list("trace", flat=True)) == [split.pk]


def test_lots_are_drawn_again_by_anybody():
    dataset, imported = traces(40)
    queue = make_queue(0, dataset=dataset, order="uncertainty", random_share=0.4, seed=7)
    expected = {trace.pk for trace in imported if lot(7, trace.pk) < 0.4}
    sample = queue.items.filter(is_random=True)
    assert set(sample.values_list("trace", flat=True)) == expected
    assert set(sample.values_list("inclusion_probability", flat=True)) == {0.4}
    others = queue.items.filter(is_random=False)
    assert set(others.values_list("inclusion_probability", flat=True)) == {None}


def test_traces_added_later_draw_the_same_kind_of_lot():
    dataset, _ = traces(10)
    queue = make_queue(0, dataset=dataset, random_share=0.5)
    before = dict(queue.items.values_list("trace", "is_random"))
    late = [make_trace(dataset) for _ in range(10)]
    assert fill(queue) == 10
    after = dict(queue.items.values_list("trace", "is_random"))
    assert before.items() <= after.items()
    assert [after[t.pk] for t in late] == [lot(1, t.pk) < 0.5 for t in late]
