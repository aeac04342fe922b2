import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_dataset, make_trace, make_user
from traces.models import Generator

pytestmark = pytest.mark.django_db


def test_a_generator_is_visible_with_one_of_its_traces():
    closed = make_dataset()
    closed.members_only = True
    closed.save()
    make_trace(generator="open-model")
    make_trace(closed, generator="closed-model")
    member = make_user()
    closed.members.create(user=member)
    names = {
        user.pk: set(Generator.objects.visible_to(user).values_list("name", flat=True))
        for user in (make_user(), member, make_user(role="lead"))
    }
    both = {"open-model", "closed-model"}
    assert list(names.values()) == [{"open-model"}, both, both]


def test_a_revision_is_part_of_the_name():
    generator = Generator.objects.create(name="model", revision="1a2b")
    assert str(generator) == "model @ 1a2b"
    assert str(Generator.objects.create(name="model")) == "model"
    with pytest.raises(IntegrityError), transaction.atomic():
        Generator.objects.create(name="model", revision="1a2b")
