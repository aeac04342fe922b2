"""Resumable downloads of an export's files."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from exports.storage.export_store import folder_of
from tests.exports.exported import make_export
from tests.exports.pages import make_labelled

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_download_can_be_resumed(as_lead: Client):
    export = make_export(make_labelled(), "processbench")
    name = "data/easy-00000-of-00001.jsonl.zst"
    path = reverse("exports:export-file", args=[export.pk, name])
    whole = (folder_of(export) / name).read_bytes()
    first = as_lead.get(path, headers={"Range": "bytes=0-9"})
    rest = as_lead.get(path, headers={"Range": "bytes=10-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.headers["Content-Range"] == f"bytes 0-9/{len(whole)}"
    got = b"".join(first.streaming_content) + b"".join(rest.streaming_content)
    assert got == whole
    assert hashlib.sha256(got).hexdigest() == export.manifest["files"][name]["sha256"]
    last = as_lead.get(path, headers={"Range": "bytes=-5"})
    assert b"".join(last.streaming_content) == whole[-5:]
    for odd in ("bytes=a-", "bytes=-", "items=0-1", "bytes=0-1,3-4"):
        answer = as_lead.get(path, headers={"Range": odd})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, whole)
    beyond = as_lead.get(path, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"
    # A number that no file can have, and one of digits that Python alone takes for such.
    for odd in (f"bytes={'9' * 5000}-", "bytes=\u0660-9"):
        assert as_lead.get(path, headers={"Range": odd}).status_code == 200
    manifest = as_lead.get(reverse("exports:export-file", args=[export.pk, "manifest.json"]))
    assert hashlib.sha256(b"".join(manifest.streaming_content)).hexdigest() == export.fingerprint


def test_a_download_of_another_export_is_not_gone_on_with(as_lead: Client):
    export = make_export(make_labelled(), "processbench")
    path = reverse("exports:export-file", args=[export.pk, "manifest.json"])
    whole = (folder_of(export) / "manifest.json").read_bytes()
    etag = as_lead.get(path).headers["ETag"]
    for known, status, start in (
        (etag, 206, 5),
        ('"another"', 200, 0),
        (f"W/{etag}", 200, 0),
        ("Sat, 21 Nov 2026 10:00:00 GMT", 200, 0),
    ):
        answer = as_lead.get(path, headers={"Range": "bytes=5-", "If-Range": known})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (status, whole[start:])


@pytest.mark.parametrize("name", ["data/nope", "../1/manifest.json", "lineage/x.parquet"])
def test_only_files_of_the_manifest_are_given(as_lead: Client, name: str):
    export = make_export(make_labelled(), "processbench")
    base = reverse("exports:export-detail", args=[export.pk])
    assert as_lead.get(f"{base}files/{name}").status_code == 404
