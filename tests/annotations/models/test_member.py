"""Members of a queue."""

import pytest
from django.db import IntegrityError, transaction

from annotations.models import QueueMember
from tests.annotations.factories import make_queue
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_person_is_a_member_once():
    queue, user = make_queue(0), make_user()
    member = QueueMember.objects.create(queue=queue, user=user)
    assert member.role == "annotator"
    assert str(member) == f"{user.pk} in {queue.pk}: annotator"
    with pytest.raises(IntegrityError, match="queue_member_once"), transaction.atomic():
        QueueMember.objects.create(queue=queue, user=user, role="lead")


def test_an_unknown_role_is_refused():
    with pytest.raises(IntegrityError, match="queue_member_role_known"), transaction.atomic():
        QueueMember.objects.create(queue=make_queue(0), user=make_user(), role="owner")


def test_memberships_go_with_their_queue():
    queue = make_queue(0)
    QueueMember.objects.create(queue=queue, user=make_user())
    queue.delete()
    assert not QueueMember.objects.exists()
