"""Decisions on disputed items."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from annotations.models import Decision
from tests.annotations.factories import make_queue
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_person_has_one_decision_on_an_item():
    item, user = make_queue(1).items.get(), make_user()
    decision = Decision.objects.create(item=item, user=user, label=-1, reason="no step is wrong")
    with pytest.raises(IntegrityError, match="decision_once"), transaction.atomic():
        Decision.objects.create(item=item, user=user, label=0)
    assert str(decision) == f"-1 by {user.pk}"


def test_a_person_who_decided_cannot_be_deleted():
    user = make_user()
    Decision.objects.create(item=make_queue(1).items.get(), user=user, label=1)
    with pytest.raises(ProtectedError):
        user.delete()
