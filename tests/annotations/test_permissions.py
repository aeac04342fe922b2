import pytest

from annotations.models import Item, Lease, Queue, QueueMember
from annotations.permissions import has_role, role_in
from tests.annotations.factories import make_queue, take
from tests.factories import make_user
from traces.models import DatasetMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue():
    private = make_queue(1)
    private.is_for_everyone = False
    private.save()
    return private


def test_a_stranger_sees_no_queue_item_or_lease(queue):
    stranger = make_user()
    assert role_in(queue, stranger) is None
    assert not Queue.objects.visible_to(stranger).exists()
    assert not Item.objects.visible_to(stranger).exists()


@pytest.mark.parametrize("role", ["viewer", "annotator", "reviewer", "lead"])
def test_a_role_in_the_queue_or_its_dataset_counts(queue, role):
    in_queue, in_dataset = make_user(), make_user()
    QueueMember.objects.create(queue=queue, user=in_queue, role=role)
    DatasetMember.objects.create(dataset=queue.dataset, user=in_dataset, role=role)
    for user in (in_queue, in_dataset):
        assert role_in(queue, user) == role
        assert list(Queue.objects.visible_to(user)) == [queue]
        assert Item.objects.visible_to(user).count() == 1


def test_the_greater_of_two_roles_counts(queue):
    user = make_user()
    QueueMember.objects.create(queue=queue, user=user, role="viewer")
    DatasetMember.objects.create(dataset=queue.dataset, user=user, role="reviewer")
    assert role_in(queue, user) == "reviewer"


def test_a_lead_of_everything_leads_every_queue(queue):
    assert role_in(queue, make_user(role="lead")) == "lead"


def test_a_queue_for_everyone_in_a_dataset_of_members_leaves_them_their_roles(queue):
    queue.is_for_everyone = queue.dataset.members_only = True
    queue.save()
    queue.dataset.save()
    stranger, viewer = make_user(), make_user()
    DatasetMember.objects.create(dataset=queue.dataset, user=viewer, role="viewer")
    assert role_in(queue, stranger) is None
    assert not Queue.objects.visible_to(stranger).exists()
    assert role_in(queue, viewer) == "viewer"


def test_a_lease_is_its_holders_alone():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    assert list(Lease.objects.of(user)) == [lease]
    assert not Lease.objects.of(make_user()).exists()


def test_roles_grow_along_the_list():
    assert has_role("lead", "reviewer")
    assert has_role("annotator", "annotator")
    assert not has_role("viewer", "annotator")
    assert not has_role(None, "viewer")
