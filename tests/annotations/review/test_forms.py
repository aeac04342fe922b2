"""A review judged by its queue's scheme."""

import pytest

from annotations.review.forms import ReviewForm, ReviewFormData
from tests.annotations.factories import make_queue

pytestmark = pytest.mark.django_db


def form(**said) -> ReviewForm:
    queue = make_queue(1, label_scheme="every_step")
    return ReviewForm(ReviewFormData(**said), trace=queue.items.get().trace, queue=queue)


def review(judged: ReviewForm):
    assert judged.is_valid(), judged.error_messages
    return judged.review(shown_judges=[], shown_before=True)


@pytest.mark.parametrize(
    ("ratings", "labels", "first"),
    [
        ({"0": "1", "1": "-1", "2": "-1"}, (1, -1, -1), 1),
        ({"0": "1", "1": "0", "2": "1"}, (1, 0, 1), -1),
        ({"0": "1", "1": "-1"}, (1, -1, None), 1),  # what follows an error may be left out
    ],
)
def test_the_first_wrong_step_follows_from_the_ratings(ratings, labels, first):
    found = review(form(ratings=ratings, earliest_error="2"))
    assert (found.step_labels, found.earliest_error) == (labels, first)


@pytest.mark.parametrize("ratings", [{}, {"0": "1", "2": "-1"}, {"0": "1", "1": "7", "2": "1"}])
def test_a_step_left_out_is_named(ratings):
    judged = form(ratings=ratings)
    assert not judged.is_valid()
    wanted = "Rate step 1 too" if not ratings else "Rate step 2 too"
    assert judged.error_messages[0].startswith(wanted)


def test_only_a_wrong_step_can_be_put_right_later():
    ratings = {"0": "-1", "1": "1", "2": "1"}
    found = review(form(ratings=ratings, self_corrected=["0", "1", "9", "x"]))
    assert found.self_corrected == (0,)
    assert found.shown_before_deciding is False
