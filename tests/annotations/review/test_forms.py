"""The review form, validated by its queue's rules."""

import pytest

from annotations.review.forms import ReviewForm, ReviewFormData
from tests.annotations.factories import make_queue

pytestmark = pytest.mark.django_db


def form(**fields) -> ReviewForm:
    queue = make_queue(1, label_scheme="every_step")
    return ReviewForm(ReviewFormData(**fields), trace=queue.items.get().trace, queue=queue)


def review(filled: ReviewForm):
    assert filled.is_valid(), filled.error_messages
    return filled.review(shown_judges=[], shown_before=True)


@pytest.mark.parametrize(
    ("ratings", "labels", "first"),
    [
        ({"0": "1", "1": "-1", "2": "-1"}, (1, -1, -1), 1),
        ({"0": "1", "1": "0", "2": "1"}, (1, 0, 1), -1),
        ({"0": "1", "1": "-1"}, (1, -1, None), 1),  # what follows an error may be left out
    ],
)
def test_the_first_wrong_step_follows_from_the_ratings(ratings, labels, first):
    decision = review(form(ratings=ratings, earliest_error="2"))
    assert (decision.step_labels, decision.earliest_error) == (labels, first)


@pytest.mark.parametrize("ratings", [{}, {"0": "1", "2": "-1"}, {"0": "1", "1": "7", "2": "1"}])
def test_a_step_left_out_is_named(ratings):
    filled = form(ratings=ratings)
    assert not filled.is_valid()
    wanted = "Rate step 1 too" if not ratings else "Rate step 2 too"
    assert filled.error_messages[0].startswith(wanted)


def test_only_a_wrong_step_can_be_put_right_later():
    ratings = {"0": "-1", "1": "1", "2": "1"}
    decision = review(form(ratings=ratings, self_corrected=["0", "1", "9", "x"]))
    assert decision.self_corrected == (0,)
    assert decision.shown_before_deciding is False
