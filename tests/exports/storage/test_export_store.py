"""Exports kept in a bucket, against a server that speaks S3."""

import hashlib
import time
from typing import Any

import datasets
import pytest
from boto3.exceptions import S3UploadFailedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exports import export_job
from exports.files.manifest import MANIFEST
from exports.lineage.index import row_lineage
from exports.models import Export
from exports.storage import export_store
from exports.storage.export_store import StoreError, check_settings, folder_of, open_file
from jobs.reaper import reap_kind
from tests.buckets import BUCKET
from tests.exports.exported import make_export
from tests.factories import label, make_dataset, make_trace, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def keys(client: Any) -> list[str]:
    found = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [item["Key"] for item in found]


def test_an_export_goes_to_the_bucket_and_leaves_the_disk(store: Any):
    dataset = make_dataset()
    verdict = label(make_trace(dataset), 1)
    export = make_export(dataset, "processbench", to_bucket=True)
    assert (export.status, export.error) == ("finished", "")
    assert export.location == f"s3://{BUCKET}/team/{export.pk}"
    assert not list(folder_of(export).parent.glob("*"))
    files = [*export.manifest["files"], *export.manifest["other_files"], MANIFEST]
    assert sorted(keys(store)) == sorted(f"team/{export.pk}/{name}" for name in files)
    with open_file(export, MANIFEST) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == export.fingerprint
    assert row_lineage(export, "train", 0).verdict_ids == [verdict.pk]


def test_an_upload_that_fails_half_way_leaves_nothing_in_the_bucket(
    store: Any, monkeypatch: pytest.MonkeyPatch
):
    """The files are there, and then the store refuses the manifest, which goes last."""
    dataset = make_dataset()
    label(make_trace(dataset), 1)
    make_client = export_store._client
    sent = []

    def refusing() -> Any:
        client = make_client()
        upload = client.upload_file

        def upload_file(path: str, bucket: str, key: str) -> None:
            if key.endswith(MANIFEST):
                sent.extend(keys(store))
                raise S3UploadFailedError("no room")
            upload(path, bucket, key)

        client.upload_file = upload_file
        return client

    monkeypatch.setattr(export_store, "_client", refusing)
    export = make_export(dataset, "processbench", to_bucket=True)
    assert (export.status, len(sent)) == ("failed", 3)
    assert "no room" in export.error
    assert keys(store) == []


def test_a_long_upload_is_not_taken_for_a_dead_worker(store: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(export_job, "HEARTBEAT_SECONDS", 0.02)
    dataset = make_dataset()
    label(make_trace(dataset), 1)
    send, found = export_job.upload, []

    def slowly(export: Export, *given: Any) -> None:
        rows = Export.objects.filter(pk=export.pk)
        rows.update(heartbeat_at=timezone.now() - 2 * Export.SILENT_AFTER)
        for _ in range(500):
            time.sleep(0.02)
            if rows.get().heartbeat_at > timezone.now() - Export.SILENT_AFTER:
                break
        found.append(reap_kind(Export))
        send(export, *given)

    monkeypatch.setattr(export_job, "upload", slowly)
    export = make_export(dataset, "processbench", to_bucket=True)
    assert (found, export.status, export.error) == ([0], "finished", "")


def test_downloads_from_the_bucket_can_be_resumed(store: Any, client: Client):
    client.force_login(make_user(role="lead"))
    dataset = make_dataset()
    label(make_trace(dataset, steps=["x" * 5000, "y"]), 1)
    layout = {"compression": "none"}
    export = make_export(dataset, "processbench", layout=layout, to_bucket=True)
    (name,) = export.manifest["files"]
    path = reverse("exports:export-file", args=[export.pk, name])
    first = client.get(path, headers={"Range": "bytes=0-99"})
    rest = client.get(path, headers={"Range": "bytes=100-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    got = b"".join(first.streaming_content) + b"".join(rest.streaming_content)
    assert hashlib.sha256(got).hexdigest() == export.manifest["files"][name]["sha256"]


def test_a_bucket_that_is_not_there_fails_the_export_with_a_sentence(store: Any, settings: Any):
    settings.EXPORT_S3_BUCKET = "elsewhere"
    dataset = make_dataset()
    label(make_trace(dataset), 1)
    export = make_export(dataset, "processbench", to_bucket=True)
    assert export.status == "failed"
    assert export.error.startswith("The bucket elsewhere rejected the export")
    assert not list(folder_of(export).parent.glob("*"))


def test_what_is_in_the_bucket_loads_once_it_is_on_a_disk(store: Any, tmp_path):
    dataset = make_dataset()
    label(make_trace(dataset), 1)
    export = make_export(dataset, "prm", to_bucket=True)
    for key in keys(store):
        target = tmp_path / "copy" / key.removeprefix(f"team/{export.pk}/")
        target.parent.mkdir(parents=True, exist_ok=True)
        store.download_file(BUCKET, key, str(target))
    loaded = datasets.load_dataset(str(tmp_path / "copy"), cache_dir=str(tmp_path / "cache"))
    assert loaded["train"]["labels"] == [[True, False]]


@pytest.mark.parametrize(
    ("bucket", "endpoint", "sentence"),
    [
        ("", "https://s3.example.org", "without MISSTEP_S3_BUCKET"),
        ("b", "s3.example.org", "must be an address"),
        ("b", "ftp://s3.example.org", "must be an address"),
        ("b", "https://me:word@s3.example.org", "without user name and password"),
    ],
)
def test_settings_that_can_not_be_right_are_said(settings, bucket, endpoint, sentence):
    settings.EXPORT_S3_BUCKET, settings.EXPORT_S3_ENDPOINT = bucket, endpoint
    with pytest.raises(StoreError, match=sentence):
        check_settings()
