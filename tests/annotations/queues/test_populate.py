"""The traces that a queue's filter selects."""

import hashlib

import pytest

from annotations.models import Queue
from annotations.queues.populate import fill
from annotations.queues.priority import reorder
from tests.annotations.factories import make_queue
from tests.factories import (
    make_dataset,
    make_scorer,
    make_trace,
    make_verdict,
)
from traces.models import Dataset, Trace

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


def lot(seed: int, trace_id: int) -> float:
    """As the documentation says: 52 bits of MD5 over seed and trace."""
    digest = hashlib.md5(f"{seed}:{trace_id}".encode()).hexdigest()
    return int(digest[:13], 16) / 2**52


def traces(count: int) -> tuple[Dataset, list[Trace]]:
    dataset = make_dataset()
    return dataset, [make_trace(dataset) for _ in range(count)]


def queue_of(dataset: Dataset, **rules: object) -> Queue:
    queue = make_queue(0, dataset=dataset, **rules)
    reorder(queue)
    return queue


def test_lots_are_those_that_anybody_can_draw_again():
    dataset, found = traces(40)
    queue = make_queue(0, dataset=dataset, order="uncertainty", random_share=0.4, seed=7)
    expected = {trace.pk for trace in found if lot(7, trace.pk) < 0.4}
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
