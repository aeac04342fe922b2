"""Removal of uploads that were previewed and never imported."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from traces.imports.sources import UPLOADS
from traces.models import Import

# Longer than a person needs for a preview.
KEPT_FOR = timedelta(days=1)


def remove_forgotten_uploads() -> int:
    """Delete the uploads that no import used within a day, and return their number."""
    if not default_storage.exists(UPLOADS):
        return 0
    folders, _ = default_storage.listdir(UPLOADS)
    return sum(_remove(f"{UPLOADS}{folder}") for folder in folders)


def _remove(folder: str) -> bool:
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    is_young = any(
        default_storage.get_modified_time(name) > timezone.now() - KEPT_FOR for name in names
    )
    # Checked after the age: an import that starts meanwhile uses a young upload.
    if is_young or Import.objects.filter(source__in=names).exists():
        return False
    for name in names:
        default_storage.delete(name)
    default_storage.delete(folder)
    return True
