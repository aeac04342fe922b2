"""The tasks of exports: each may run twice."""

import pytest

from exports.export_job import new_export
from exports.models import Export
from exports.tasks import push_export, write_export
from tests.factories import label, make_dataset, make_trace

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_export_is_written_once_however_often_its_task_runs():
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = new_export(dataset, recipe="processbench")
    write_export(export.pk)
    first = Export.objects.get(pk=export.pk)
    write_export(export.pk)
    second = Export.objects.get(pk=export.pk)
    assert (first.status, first.attempts) == ("finished", 1)
    assert (second.ended_at, second.attempts) == (first.ended_at, 1)


def test_a_task_of_a_row_that_is_gone_changes_nothing():
    write_export(10**9)
    push_export(10**9)
    assert not Export.objects.exists()
