import statistics

import pytest

from annotations.models import Item, Queue
from annotations.queues.priority import lock_bulk_changes, reorder, reorder_open
from tests.annotations.factories import answer, make_queue
from tests.annotations.queues.samples import lot, queue_of, traces
from tests.factories import (
    make_reference_judge,
    make_scorer,
    make_user,
    make_verdict,
)
from traces.models import Trace, Verdict

pytestmark = pytest.mark.django_db


def order_of(queue: Queue) -> list[int]:
    """Return the traces in the order in which a person is assigned them."""
    return list(queue.items.order_by("-priority", "-pk").values_list("trace", flat=True))


def test_uncertainty_puts_scores_near_the_threshold_first():
    dataset, (sure, unsure, unscored) = traces(3)
    judge = make_scorer(threshold=0.5).judge
    make_verdict(sure, judge, -1, scores=[0.9, 0.95, 0.99])
    make_verdict(unsure, judge, 1, scores=[0.9, 0.45, 0.99])
    queue = queue_of(dataset, order="uncertainty")
    assert order_of(queue) == [unsure.pk, sure.pk, unscored.pk]
    priorities = dict(queue.items.values_list("trace", "priority"))
    assert priorities[unsure.pk] == pytest.approx(0.9)
    assert priorities[sure.pk] == pytest.approx(0.2)


def test_uncertainty_puts_split_votes_first():
    dataset, (agreed, split) = traces(2)
    judge = make_scorer().judge
    for trace, share in [(agreed, 1.0), (split, 0.5)]:
        verdict = make_verdict(trace, judge, 1)
        Verdict.objects.filter(pk=verdict.pk).update(confidence=share)
    assert order_of(queue_of(dataset, order="uncertainty")) == [split.pk, agreed.pk]


def test_disagreement_puts_split_judges_and_wrong_processes_first():
    dataset, (agreed, split, wrong_process) = traces(3)
    judges = [make_scorer().judge, make_scorer().judge, make_reference_judge(dataset)]
    for trace, labels in [(agreed, [1, 1, 1]), (split, [0, 1, 1]), (wrong_process, [0, 1, -1])]:
        for judge, label in zip(judges, labels, strict=True):
            make_verdict(trace, judge, label)
    Trace.objects.filter(pk=wrong_process.pk).update(final_answer_correct=True)
    queue = queue_of(dataset, order="disagreement")
    assert order_of(queue) == [wrong_process.pk, split.pk, agreed.pk]
    priorities = dict(queue.items.values_list("trace", "priority"))
    assert priorities[split.pk] == pytest.approx(4 / 9)
    assert priorities[agreed.pk] == 0


def test_reordering_is_idempotent():
    dataset, (trace, _) = traces(2)
    make_verdict(trace, make_scorer(threshold=0.5).judge, 1, scores=[0.9, 0.5, 0.9])
    queue = make_queue(0, dataset=dataset, order="uncertainty")
    assert reorder(queue) == 2
    assert reorder(queue) == 0
    queue.refresh_from_db()
    assert queue.ordered_at


def test_new_verdicts_change_the_order_of_open_queues():
    dataset, (_, trace) = traces(2)
    queue = queue_of(dataset, order="disagreement")
    for label in (0, 1):
        make_verdict(trace, make_scorer().judge, label)
    reorder_open()
    assert order_of(queue)[0] == trace.pk


def test_reordering_goes_through_every_batch(monkeypatch):
    monkeypatch.setattr("annotations.queues.priority.BATCH", 2)
    dataset, imported = traces(5)
    for trace in imported:
        make_verdict(trace, make_scorer(threshold=0.5).judge, 1, scores=[0.5, 0.5, 0.5])
    queue = queue_of(dataset, order="uncertainty")
    assert set(queue.items.values_list("priority", flat=True)) == {1.0}


def test_the_sample_comes_in_the_order_of_its_lots_whatever_models_say():
    dataset, imported = traces(12)
    queue = make_queue(0, dataset=dataset, order="random", seed=3)
    make_verdict(imported[0], make_scorer(threshold=0.5).judge, 1, scores=[0.5, 0.5, 0.5])
    reorder(queue)
    by_lot = sorted(imported, key=lambda trace: lot(3, trace.pk))
    user = make_user()
    given = [answer(queue, user).lease.item.trace_id for _ in range(12)]
    assert given == [trace.pk for trace in by_lot]


def test_the_sample_estimates_the_queue_without_bias_and_the_rest_does_not():
    """A queue whose hard traces come first, drawn 400 times; y is 1 for an error."""
    population = range(1, 501)
    share = 0.2
    wrong = {trace for trace in population if trace % 10 < 4}
    totals, done_means, priority_means = [], [], []
    for seed in range(400):
        lots = {trace: lot(seed, trace) for trace in population}
        sample = sorted((t for t in population if lots[t] < share), key=lots.__getitem__)
        totals.append(sum((t in wrong) / share for t in sample))
        done = sample[:30]  # as far as people have come
        done_means.append(statistics.mean(t in wrong for t in done))
        by_priority = [t for t in sorted(population, key=lambda t: t % 10) if lots[t] >= share]
        priority_means.append(statistics.mean(t in wrong for t in by_priority[:120]))
    for values, truth in [(totals, len(wrong)), (done_means, len(wrong) / 500)]:
        error = statistics.stdev(values) / 400**0.5
        assert abs(statistics.mean(values) - truth) < 3 * error
    assert statistics.mean(priority_means) > 0.9


def test_items_outside_the_sample_are_not_given_from_it_by_priority(monkeypatch):
    dataset, imported = traces(8)
    queue = make_queue(0, dataset=dataset, order="oldest", random_share=0.5, seed=2)
    monkeypatch.setattr("annotations.leases.assignment.random.random", lambda: 0.99)
    user = make_user()
    outside = [t.pk for t in imported if lot(2, t.pk) >= 0.5]
    given = [answer(queue, user).lease.item.trace_id for _ in outside]
    assert given == outside
    assert Item.objects.filter(is_random=True, people__gt=0).count() == 0


def test_a_queue_is_gone_through_by_one_at_a_time():
    queue = make_queue(1)
    assert lock_bulk_changes(queue, wait=False)
