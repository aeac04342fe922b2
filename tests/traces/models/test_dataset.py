import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from tests.factories import make_dataset, make_trace, make_user
from traces.models import Dataset, dataset_name
from traces.segmentation.resegment import resegment

pytestmark = pytest.mark.django_db


def test_a_dataset_for_members_is_visible_to_members_and_leads():
    public, closed = make_dataset(), make_dataset()
    closed.members_only = True
    closed.save()
    member = make_user()
    closed.members.create(user=member)
    assert set(Dataset.objects.visible_to(make_user())) == {public}
    assert set(Dataset.objects.visible_to(member)) == {public, closed}
    assert set(Dataset.objects.visible_to(make_user(role="lead"))) == {public, closed}
    assert not Dataset.objects.visible_to(AnonymousUser()).exists()


def test_the_trace_count_is_of_current_segmentations():
    dataset, empty = make_dataset(), make_dataset()
    trace, _ = make_trace(dataset), make_trace(dataset)
    resegment(trace, ["First, 2 + 2 = 4. Then 4 + 1 = 6.", "So the answer is 6."])
    counts = {d.pk: d.trace_count for d in Dataset.objects.with_trace_count()}
    assert counts == {dataset.pk: 2, empty.pk: 0}


@pytest.mark.parametrize("name", ["gsm8k", "a", "Big.Set_1-x", "a" * 100])
def test_a_plain_name_is_valid(name):
    dataset_name(name)
    assert str(Dataset(name=name)) == name


@pytest.mark.parametrize("name", ["", "-a", "two words", "a/b", "a" * 101, "a\n"])
def test_other_names_are_not_valid(name):
    with pytest.raises(ValidationError):
        dataset_name(name)
