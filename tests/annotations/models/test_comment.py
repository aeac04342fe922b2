"""Comments on steps."""

import pytest

from annotations.models import StepComment
from tests.annotations.factories import make_queue
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["nul \0 inside", "\u202ereversed", "x" * 20_000])
def test_every_character_of_a_comment_is_kept(text):
    comment = StepComment.objects.create(
        item=make_queue(1).items.get(), step=0, author=make_user(), text=text
    )
    comment.refresh_from_db()
    assert comment.text == text
    assert str(comment) == f"comment {comment.pk}"


def test_a_comment_on_the_whole_trace_has_no_step():
    comment = StepComment.objects.create(
        item=make_queue(1).items.get(), author=make_user(), text="odd"
    )
    comment.refresh_from_db()
    assert (comment.step, comment.resolved_at) == (None, None)


def test_a_comment_goes_with_its_item():
    item = make_queue(1).items.get()
    StepComment.objects.create(item=item, step=1, author=make_user(), text="odd")
    item.delete()
    assert not StepComment.objects.exists()
