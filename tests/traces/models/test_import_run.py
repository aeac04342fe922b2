import pytest

from traces.models import Import, ImportRejection


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("hub:owner/name@main", "hub:owner/name@main"),
        ("/srv/data/rows.jsonl", "rows.jsonl"),
        ("uploads/3f/rows.jsonl", "rows.jsonl"),
    ],
)
def test_pages_show_the_source_without_the_servers_folders(source, shown):
    assert Import(source=source).shown_source == shown


def test_the_progress_is_the_number_of_rows_read():
    progress = Import(rows_read=7).progress
    assert (progress.done, progress.total) == (7, None)


@pytest.mark.django_db
def test_rejections_belong_to_their_import():
    started = Import.objects.create(dataset_name="set", source="rows.jsonl")
    rejection = started.rejections.create(line=3, field="label", reason="is 9")
    assert str(started) == f"import {started.pk}"
    assert str(rejection) == "line 3, label: is 9"
    started.delete()
    assert not ImportRejection.objects.exists()
