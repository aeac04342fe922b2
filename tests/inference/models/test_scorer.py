"""A scorer is an immutable recipe."""

import pytest
from django.db import IntegrityError, transaction

from inference.models import Scorer
from inference.scorers.registry import builtin_scorer

pytestmark = pytest.mark.django_db


def test_a_scorer_never_changes():
    scorer = builtin_scorer("arithmetic")
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Scorer.objects.filter(pk=scorer.pk).update(threshold=0.5)
    scorer.refresh_from_db()
    assert scorer.threshold is None


def test_its_kind_is_its_queue():
    scorer = builtin_scorer("arithmetic")
    assert (str(scorer), scorer.queue) == ("arithmetic@1", "checker")
