"""What the database holds about exports."""

import pytest
from django.db import DatabaseError, transaction

from exports.curation.rule import Rule
from exports.curation.rule_versions import save_rule
from exports.models import CurationRule, Export
from tests.factories import make_dataset

pytestmark = pytest.mark.django_db


def test_a_version_of_a_rule_cannot_be_changed():
    version = save_rule(make_dataset(), "mine", Rule(), created_by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        CurationRule.objects.filter(pk=version.pk).update(rule={"seed": 1})
    version.refresh_from_db()
    assert version.rule == {}


def test_an_export_counts_what_it_has_written():
    export = Export(
        dataset=make_dataset(), recipe="prm", stage="writing", trace_count=9, traces_done=4
    )
    progress = export.progress
    assert progress is not None
    assert (progress.done, progress.total) == (4, 9)
