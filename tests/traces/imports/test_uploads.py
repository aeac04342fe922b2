"""Uploads that nobody imported are removed in time, and no others."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from traces.imports.uploads import KEPT_FOR
from traces.models import Import
from traces.tasks import remove_forgotten_uploads

pytestmark = pytest.mark.django_db


def upload(folder: str, *, old: bool) -> str:
    name = default_storage.save(f"uploads/{folder}/rows.json", ContentFile(b"[]"))
    if old:
        then = time.time() - KEPT_FOR.total_seconds() - 60
        os.utime(default_storage.path(name), (then, then))
    return name


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def test_only_old_uploads_without_an_import_are_removed():
    forgotten, young = upload("forgotten", old=True), upload("young", old=False)
    imported = upload("imported", old=True)
    Import.objects.create(dataset_name="a", source=imported, format="")
    for _ in range(2):
        remove_forgotten_uploads()
        assert [default_storage.exists(name) for name in (forgotten, young, imported)] == [
            False,
            True,
            True,
        ]
    assert not default_storage.exists("uploads/forgotten")


def test_a_site_without_uploads_has_nothing_to_remove():
    remove_forgotten_uploads()
    assert not default_storage.exists("uploads")
