"""The rows of a person's review history."""

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.models import Lease
from annotations.review.history import EXCERPT, ReviewRow
from annotations.review.skip import skip
from tests.annotations.factories import answer, make_queue, take
from tests.annotations.review_page import soup
from tests.factories import make_dataset, make_trace, make_user

pytestmark = pytest.mark.django_db


def row_of(lease: Lease) -> ReviewRow:
    return ReviewRow(
        Lease.objects.select_related("verdict", "item__trace__problem").get(pk=lease.pk)
    )


def test_a_submitted_review_has_its_finding_revision_and_time():
    row = row_of(answer(make_queue(1), make_user(), 1, seconds_spent=30).lease)
    assert (row.finding, row.revision, row.seconds, row.is_withdrawn) == ("step 2", 1, 30, False)
    assert row.when is not None


def test_a_skipped_item_says_how_it_ended():
    user = make_user()
    lease = take(make_queue(1), user)
    skip(lease.pk, user, "unsure")
    row = row_of(lease)
    assert (row.finding, row.revision, row.seconds) == ("unsure", 0, None)


def test_a_withdrawn_review_is_marked():
    outcome = answer(make_queue(1), make_user(), 1)
    outcome.verdict.withdrawn_at, outcome.verdict.is_current = timezone.now(), False
    outcome.verdict.save(update_fields=["withdrawn_at", "is_current"])
    assert row_of(outcome.lease).is_withdrawn


def test_a_long_problem_is_cut():
    dataset = make_dataset()
    make_trace(dataset, problem="word " * 100)
    row = row_of(answer(make_queue(0, dataset=dataset), make_user()).lease)
    assert len(row.problem) <= EXCERPT + 1
    assert row.problem.startswith("word word")


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_takes_the_same_queries_for_every_length(
    count, client, django_assert_num_queries
):
    queue, user = make_queue(3), make_user()
    for _ in range(count):
        answer(queue, user, 1)
    client.force_login(user)
    with django_assert_num_queries(5):
        page = client.get(reverse("annotations:review-list", args=[queue.pk]))
    assert len(soup(page).select("tbody tr")) == count
