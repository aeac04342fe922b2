import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_dataset, make_user
from traces.models import SavedFilter

pytestmark = pytest.mark.django_db


def test_a_name_is_used_once_in_a_dataset():
    dataset = make_dataset()
    saved = SavedFilter.objects.create(dataset=dataset, name="hard", choices={"subset": "hard"})
    assert str(saved) == "hard"
    SavedFilter.objects.create(dataset=make_dataset(), name="hard")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedFilter.objects.create(dataset=dataset, name="hard")


def test_a_filter_stays_when_its_author_goes():
    author = make_user()
    saved = SavedFilter.objects.create(dataset=make_dataset(), name="hard", created_by=author)
    author.delete()
    saved.refresh_from_db()
    assert saved.created_by is None
