"""Many people at once, on threads with connections of their own."""

import random
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.models import Count, Max

from accounts.models import User
from annotations.errors import LeaseLost
from annotations.leases.lifecycle import expire, lease_ahead, next_lease, release
from annotations.models import Item, Lease, Queue, QueueCounter
from annotations.queues.overlap import widen
from annotations.queues.priority import reorder
from annotations.review.skip import skip
from annotations.review.submit import complete_lease
from annotations.review.verdicts import Review
from tests.annotations.factories import make_queue, people, take
from traces.models import Verdict

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 8


def at_once(works: list[Callable[[], None]]) -> None:
    """Run them on threads that start together. Raises the first failure."""
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            ready.wait(30)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result(120)


def work_through(queue: Queue, user: User, *, seed: int) -> None:
    """Review to the end as a person does: fetch ahead, submit, sometimes skip or leave."""
    chance = random.Random(seed)
    while lease := next_lease(queue, user):
        lease_ahead(queue, user)
        turn = chance.random()
        if turn < 0.1:
            skip(lease.pk, user, "skip")
        elif turn < 0.2:
            release(lease.pk, user)
        else:
            review = Review(chance.choice([-1, 0, 1]))
            complete_lease(lease.pk, user, review, key=uuid.uuid4(), version=0)


def check(queue: Queue) -> None:
    """Assert that no item exceeds its overlap, and that slots and counts add up."""
    for item in queue.items.all():
        slots = [lease.slot for lease in item.leases.all() if lease.slot is not None]
        assert len(slots) + len(item.free_slots) <= queue.max_overlap
        assert sorted([*slots, *item.free_slots]) == list(range(len(slots) + len(item.free_slots)))
        assert item.answers == item.leases.filter(state="submitted").count()
    twice = Lease.objects.values("item", "annotator").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
    sums = QueueCounter.objects.filter(queue=queue).values_list("answers", "settled", "disputed")
    answers, settled, disputed = (sum(row) for row in zip(*sums, strict=True))
    assert answers == Lease.objects.filter(queue=queue, state="submitted").count()
    assert settled == queue.items.filter(status="settled").count()
    assert disputed == queue.items.filter(status="disputed").count()


@pytest.mark.parametrize(
    "rules",
    [
        {"overlap": 1},
        {"overlap": 2, "rule": "unanimity"},
        {"overlap": 3, "max_overlap": 5, "rule": "processbench"},
    ],
)
def test_people_at_once_never_go_over_the_overlap(rules):
    queue = make_queue(12, random_share=0.3, **rules)
    at_once([lambda u=u, n=n: work_through(queue, u, seed=n) for n, u in enumerate(people(PEOPLE))])
    check(queue)
    skippers = Lease.objects.filter(state="skipped").count()
    assert queue.items.exclude(status="open").count() >= 12 - skippers
    assert not Lease.objects.held().exists()


def test_one_person_in_many_windows_is_given_one_item():
    queue, (user,) = make_queue(5), people(1)
    at_once([lambda: take(queue, user) and None for _ in range(PEOPLE)])
    assert Lease.objects.count() == 1


def test_one_submit_sent_many_times_at_once_is_one_verdict():
    queue, (user,) = make_queue(1), people(1)
    lease, key = take(queue, user), uuid.uuid4()
    send = lambda: complete_lease(lease.pk, user, Review(1), key=key, version=0) and None  # noqa: E731
    at_once([send for _ in range(PEOPLE)])
    assert Verdict.objects.filter(judge__user=user).count() == 1
    assert Item.objects.get().answers == 1


def test_what_ran_out_goes_to_one_person_or_back_to_its_holder():
    queue, (ada, *others) = make_queue(1), people(PEOPLE)
    lease = take(queue, ada)
    Lease.objects.update(expires_at=lease.granted_at)

    def send() -> None:
        with suppress(LeaseLost):
            complete_lease(lease.pk, ada, Review(1), key=uuid.uuid4(), version=0)

    at_once([send, *(lambda u=u: next_lease(queue, u) and None for u in others)])
    holders = Lease.objects.filter(slot__isnull=False)
    assert holders.count() == 1
    assert Item.objects.get().free_slots == []


def test_reordering_widening_and_expiring_go_on_while_people_work():
    queue = make_queue(30, order="disagreement", overlap=1, rule="majority")
    Queue.objects.filter(pk=queue.pk).update(overlap=2, max_overlap=2)
    queue.refresh_from_db()

    def background() -> None:
        for _ in range(10):
            reorder(queue)
            widen(queue)
            expire()

    works = [lambda u=u, n=n: work_through(queue, u, seed=n) for n, u in enumerate(people(4))]
    at_once([background, background, *works])
    check(queue)
    most = Item.objects.annotate(n=Count("leases__slot")).aggregate(most=Max("n"))
    assert most["most"] <= 2


def test_a_queue_does_not_seem_empty_while_its_last_item_is_locked():
    queue, (user,) = make_queue(1), people(1)
    locked, requested = threading.Event(), threading.Event()
    leases: list[Lease] = []

    def hold() -> None:
        with transaction.atomic():
            Item.objects.select_for_update().get()
            locked.set()
            requested.wait(30)
            threading.Event().wait(0.3)  # until the other has come to the locked item

    def ask() -> None:
        locked.wait(30)
        requested.set()
        leases.append(take(queue, user))

    at_once([hold, ask])
    assert [lease.state for lease in leases] == ["held"]
