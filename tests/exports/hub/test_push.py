"""Pushing an export to the Hub, against a small server that answers as the Hub does."""

from typing import Any

import pytest
from django.utils import timezone

from exports.files.manifest import MANIFEST
from exports.hub.push import PushRefused, run_push, start_push
from exports.models import Export, HubPush
from exports.storage.export_store import folder_of, location_for, upload
from jobs.reaper import reap_kind
from tests.exports.hub.finished import make_finished
from tests.exports.hub.the_hub import COMMIT, TheHub
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_push_leaves_the_exports_files_and_none_of_an_earlier_export(the_hub: TheHub):
    export = make_finished()
    push = HubPush.objects.create(export=export, repository="owner/set", private=True)
    run_push(push.pk)
    push.refresh_from_db()
    assert (push.status, push.error) == ("finished", "")
    assert push.url.endswith(COMMIT)
    assert the_hub.created[0]["type"] == "dataset"
    assert the_hub.tokens == {"Bearer a-token"}
    folder = folder_of(export)
    on_disk = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert the_hub.files == {**on_disk, "notes.md": b"mine"}


def test_a_second_run_changes_nothing(the_hub: TheHub):
    push = HubPush.objects.create(export=make_finished(), repository="owner/set", status="finished")
    run_push(push.pk)
    assert the_hub.created == []


def test_a_hub_that_refuses_is_said(the_hub: TheHub):
    the_hub.broken = True
    push = HubPush.objects.create(export=make_finished(), repository="owner/set")
    run_push(push.pk)
    push.refresh_from_db()
    assert push.status == "failed"
    assert push.error.startswith("The Hub rejected the push")
    assert "a-token" not in push.error


def test_a_push_whose_worker_has_gone_is_failed_and_a_living_one_is_not(the_hub: TheHub):
    export, long_ago = make_finished(), timezone.now() - 2 * HubPush.SILENT_AFTER
    gone, living, waiting = (
        HubPush.objects.create(export=export, repository="x/y", status=status, heartbeat_at=at)
        for status, at in [("running", long_ago), ("running", timezone.now()), ("queued", None)]
    )
    assert reap_kind(HubPush) == 1
    for push, status in [(gone, "failed"), (living, "running"), (waiting, "queued")]:
        push.refresh_from_db()
        assert push.status == status
    assert "Push again" in gone.error


@pytest.mark.parametrize("name", ["set", "owner/set/more", "../set", "owner/-set", "o wner/set"])
def test_a_name_that_is_none_of_the_hubs_is_refused(the_hub: TheHub, name: str):
    with pytest.raises(PushRefused, match="is not a Hugging Face dataset"):
        start_push(make_finished(), name, private=True, created_by=make_user(role="lead"))
    assert not HubPush.objects.exists()


def test_pushing_needs_a_token_and_a_finished_export(the_hub: TheHub, settings: Any):
    lead, export = make_user(role="lead"), make_finished()
    Export.objects.filter(pk=export.pk).update(status="running")
    export.refresh_from_db()
    with pytest.raises(PushRefused, match="finished"):
        start_push(export, "owner/set", private=True, created_by=lead)
    settings.HUB_TOKEN = ""
    with pytest.raises(PushRefused, match="set HF_TOKEN"):
        start_push(export, "owner/set", private=True, created_by=lead)


def test_an_export_in_a_bucket_is_copied_on_the_way(the_hub: TheHub, store: Any):
    export = make_finished()
    manifest = (folder_of(export) / MANIFEST).read_bytes()
    Export.objects.filter(pk=export.pk).update(location=location_for(export))
    upload(export, folder_of(export), location_for(export))
    push = HubPush.objects.create(export=export, repository="owner/set")
    run_push(push.pk)
    assert the_hub.files[MANIFEST] == manifest
