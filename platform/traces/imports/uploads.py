"""Uploads that were looked at and never imported: they don't fill the disk for good."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from traces.imports.sources import UPLOADS
from traces.models import Import

# Longer than anybody looks at the first rows of a file.
KEPT_FOR = timedelta(days=1)


def remove_forgotten_uploads() -> int:
    """Delete what no import names and nobody took up within a day; returns how many."""
    if not default_storage.exists(UPLOADS):
        return 0
    folders, _ = default_storage.listdir(UPLOADS)
    return sum(_remove(f"{UPLOADS}{folder}") for folder in folders)


def _remove(folder: str) -> bool:
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    is_young = any(
        default_storage.get_modified_time(name) > timezone.now() - KEPT_FOR for name in names
    )
    # Asked after its age was: an import that is started meanwhile names a young one.
    if is_young or Import.objects.filter(source__in=names).exists():
        return False
    for name in names:
        default_storage.delete(name)
    default_storage.delete(folder)
    return True
