"""Items: constraints, and who may see them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from annotations.models import Item, QueueMember
from tests.annotations.factories import make_queue
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def test_a_trace_is_in_a_queue_once():
    queue = make_queue(1)
    with pytest.raises(IntegrityError, match="item_once_a_queue"), transaction.atomic():
        Item.objects.create(queue=queue, trace=queue.items.get().trace)


@pytest.mark.parametrize("label", [None, -2])
def test_a_gold_item_has_a_label(label):
    queue = make_queue(0)
    with pytest.raises(IntegrityError, match="item_gold_has_label"), transaction.atomic():
        Item.objects.create(
            queue=queue, trace=make_trace(queue.dataset), purpose="gold", gold_label=label
        )


@pytest.mark.parametrize("probability", [0, -0.1, 1.1])
def test_an_inclusion_probability_is_above_zero_and_at_most_one(probability):
    queue = make_queue(0)
    with pytest.raises(IntegrityError, match="inclusion_is_a_probability"), transaction.atomic():
        Item.objects.create(
            queue=queue, trace=make_trace(queue.dataset), inclusion_probability=probability
        )


@pytest.mark.parametrize(
    ("purpose", "is_gold"), [("work", False), ("gold", True), ("screening", True)]
)
def test_gold_and_screening_items_have_known_answers(purpose, is_gold):
    item = Item(pk=3, purpose=purpose)
    assert item.is_gold is is_gold
    assert str(item) == "item 3"


def test_items_are_visible_to_members_and_leads():
    queue, member = make_queue(2), make_user()
    queue.is_for_everyone = False
    queue.save()
    QueueMember.objects.create(queue=queue, user=member, role="viewer")
    assert Item.objects.visible_to(member).count() == 2
    assert Item.objects.visible_to(make_user(role="lead")).count() == 2
    assert not Item.objects.visible_to(make_user()).exists()
    assert not Item.objects.visible_to(AnonymousUser()).exists()
