"""The view model of the review page."""

import pytest

from annotations.leases.lifecycle import lease_ahead, lease_of
from annotations.models import Lease, Queue, StepComment
from annotations.review.actions import open_page
from annotations.review.forms import ReviewFormData
from annotations.review.page import Progress, ReviewPage, progress_of
from tests.annotations.factories import answer, make_queue, people, take
from tests.factories import make_scorer, make_user, make_verdict

pytestmark = pytest.mark.django_db


def page_of(queue: Queue, **form_data: object) -> ReviewPage:
    lease = lease_of(take(queue, make_user()).pk, queue)
    return ReviewPage(lease, ReviewFormData(**form_data), based_on=0, version=0)


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        (Progress(0, 1200, 0, None), "0 of 1,200"),
        (Progress(5, 10, 2, 31), "5 of 10 · 2 today, 31 s each"),
        (Progress(5, 10, 2, None), "5 of 10 · 2 today"),
    ],
)
def test_progress_is_one_sentence(progress, sentence):
    assert progress.sentence == sentence
    assert progress.as_json()["sentence"] == sentence


def test_progress_counts_answers_of_all_and_the_persons_own_of_today(django_assert_num_queries):
    queue, (ada, ben) = make_queue(3, overlap=2), people(2)
    answer(queue, ada, seconds_spent=10)
    answer(queue, ada, seconds_spent=20)
    answer(queue, ben, seconds_spent=99)
    with django_assert_num_queries(1):
        progress = progress_of(queue, ada.pk)
    assert progress == Progress(answered=3, total=6, today=2, seconds_each=15)


def test_the_chosen_step_and_its_self_correction_are_marked():
    page = page_of(make_queue(1), earliest_error="1", self_corrected=["0"])
    assert [step.is_chosen for step in page.steps] == [False, True, False]
    assert [step.is_self_corrected for step in page.steps] == [True, False, False]
    assert [step.number for step in page.steps] == [1, 2, 3]


@pytest.mark.parametrize(("scheme", "ratings"), [("first_error", 0), ("every_step", 3)])
def test_steps_are_rated_where_the_queue_asks_for_every_step(scheme, ratings):
    page = page_of(make_queue(1, label_scheme=scheme), ratings={"0": "-1"})
    first = page.steps[0].ratings
    assert len(first) == ratings
    assert [choice.name for choice in first if choice.is_chosen] == ["wrong"] * bool(ratings)


def test_a_persons_own_comments_stand_at_their_step():
    queue = make_queue(1)
    page = page_of(queue)
    own = page.lease.annotator
    StepComment.objects.create(item=page.lease.item, step=1, author=own, text="odd")
    StepComment.objects.create(item=page.lease.item, step=1, author=make_user(), text="hidden")
    assert [step.comments for step in page.steps] == [[], ["odd"], []]


@pytest.mark.parametrize(("opinions", "shown"), [("shown", True), ("hidden", False)])
def test_model_verdicts_are_on_the_page_by_the_queues_setting(opinions, shown):
    queue = make_queue(1, opinions=opinions)
    make_verdict(queue.items.get().trace, make_scorer("critic").judge, 1)
    page = page_of(queue)
    assert (page.opinions is not None) is shown
    assert (page.models_line == "") is shown
    assert page.may_reveal is False


def test_a_page_without_model_verdicts_has_no_chart():
    page = page_of(make_queue(1, opinions="shown"))
    assert page.opinions is None
    assert page.models_line


def test_a_closed_queue_takes_no_submit():
    queue = make_queue(1)
    page = page_of(queue)
    assert page.may_submit
    queue.status = "closed"
    assert not page.may_submit


def test_a_page_fetched_ahead_counts_nothing_and_starts_no_clock():
    queue, user = make_queue(2), make_user()
    take(queue, user)
    ahead = lease_ahead(queue, user)
    assert ahead
    page = open_page(ahead, user, ahead=True)
    assert page.progress is None
    assert Lease.objects.get(pk=ahead.pk).opened_at is None


def test_only_a_held_item_asks_for_the_next_one():
    queue = make_queue(1)
    page = page_of(queue)
    assert page.data["lease"] == page.lease.pk and "ahead" in page.data
    answered = ReviewPage(
        lease_of(answer(make_queue(1), make_user()).lease.pk, queue), ReviewFormData(), 1, 0
    )
    assert answered.data["lease"] == "" and "ahead" not in answered.data


def test_hidden_fields_carry_key_version_and_revision():
    page = page_of(make_queue(1), seconds_spent="12")
    assert page.hidden == {
        "key": page.key,
        "version": 0,
        "based_on": 0,
        "after": "",
        "reviewer": page.lease.annotator_id,
        "seconds_spent": "12",
    }
