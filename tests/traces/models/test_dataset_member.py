import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_dataset, make_user
from traces.models import DatasetMember
from traces.models.dataset_member import joined_datasets

pytestmark = pytest.mark.django_db


def test_the_datasets_of_a_member_are_the_ones_they_joined():
    first, second = make_dataset(), make_dataset()
    person = make_user()
    member = first.members.create(user=person)
    second.members.create(user=make_user())
    assert list(joined_datasets(person)) == [{"dataset": first.pk}]
    assert member.role == DatasetMember.Role.ANNOTATOR
    assert str(member) == f"{person.pk} in {first.pk}: annotator"


def test_a_person_joins_once_and_in_a_known_role():
    dataset, person = make_dataset(), make_user()
    dataset.members.create(user=person)
    for role, user in (("lead", person), ("owner", make_user())):
        with pytest.raises(IntegrityError), transaction.atomic():
            dataset.members.create(user=user, role=role)
