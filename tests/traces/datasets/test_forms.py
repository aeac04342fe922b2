import pytest

from tests.factories import make_dataset, make_user
from traces.datasets.forms import DatasetForm, MemberForm, SavedFilterForm
from traces.models import DatasetMember

pytestmark = pytest.mark.django_db


def test_a_member_is_added_and_then_given_another_role():
    dataset, person = make_dataset(), make_user()
    for role in ("viewer", "reviewer"):
        form = MemberForm({"user": person.pk, "role": role}, dataset=dataset)
        assert form.is_valid()
        assert form.save().role == role
    assert DatasetMember.objects.get().role == "reviewer"


def test_only_active_people_can_become_members():
    gone, here = make_user("zoe"), make_user("ann")
    gone.is_active = False
    gone.save()
    form = MemberForm({"user": gone.pk, "role": "viewer"}, dataset=make_dataset())
    assert list(form.errors) == ["user"]
    assert list(form.fields["user"].queryset) == [here]


def test_settings_are_saved_without_the_name():
    dataset = make_dataset("gsm8k")
    form = DatasetForm({"description": "d", "is_benchmark": "on", "name": "x"}, instance=dataset)
    form.save()
    dataset.refresh_from_db()
    assert (dataset.name, dataset.description) == ("gsm8k", "d")
    assert (dataset.is_benchmark, dataset.members_only) == (True, False)


def test_a_saved_filter_needs_a_name():
    assert not SavedFilterForm({"name": ""}).is_valid()
    assert SavedFilterForm({"name": "hard"}).is_valid()
