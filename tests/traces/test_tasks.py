import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.factories import make_trace
from traces import tasks
from traces.imports import uploads
from traces.imports.import_job import create_import
from traces.models import Import, ProblemMatch, Trace

TEXT = "A farmer keeps 12 hens, and each of them lays 3 eggs a day for the market of the town."


@pytest.mark.django_db(transaction=True)
def test_an_import_is_run_once_and_its_problems_are_compared(sent: list, tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"problem": "2 + 2?", "steps": ["4"]}))
    started = create_import(dataset_name="set", source=str(path), format="general")
    sent.clear()
    for _ in range(2):
        tasks.run_import(started.pk)
    assert Import.objects.get().status == Import.Status.FINISHED
    assert Trace.objects.count() == 1
    assert ("traces.relate_problems", []) in sent


@pytest.mark.django_db
def test_near_duplicates_are_found_once():
    make_trace(problem=TEXT)
    make_trace(problem=TEXT)
    for _ in range(2):
        tasks.relate_problems()
    assert ProblemMatch.objects.get().similarity == 1


@pytest.mark.django_db
def test_forgotten_uploads_are_removed(monkeypatch: Any):
    name = default_storage.save("uploads/forgotten/rows.jsonl", ContentFile(b"{}"))
    tasks.remove_forgotten_uploads()
    assert default_storage.exists(name)
    monkeypatch.setattr(uploads, "KEPT_FOR", timedelta(0))
    assert timezone.now() > default_storage.get_modified_time(name)
    for _ in range(2):
        tasks.remove_forgotten_uploads()
    assert not default_storage.exists(name)
