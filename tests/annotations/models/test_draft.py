"""Drafts, and the keys of submits."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from annotations.models import Draft, Submission
from tests.annotations.factories import answer, make_queue
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_person_has_one_draft_of_an_item():
    item, user = make_queue(1).items.get(), make_user()
    draft = Draft.objects.create(item=item, user=user, content="{}")
    assert draft.version == 1
    assert str(draft) == f"draft of {user.pk} on {item.pk}"
    Draft.objects.create(item=item, user=make_user(), content="{}")
    with pytest.raises(IntegrityError, match="draft_once"), transaction.atomic():
        Draft.objects.create(item=item, user=user, content="{}")


def test_a_key_stands_for_one_submit():
    outcome = answer(make_queue(1), make_user(), 1)
    key = uuid.uuid4()
    submission = Submission.objects.create(key=key, lease=outcome.lease, verdict=outcome.verdict)
    assert str(submission) == str(key)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(key=key, lease=outcome.lease, verdict=outcome.verdict)
