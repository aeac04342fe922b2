"""Push a finished export to the Hugging Face Hub, as a dataset of its own."""

import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from exports.models import Export, HubPush
from exports.storage.export_store import download, folder_of
from jobs.execution import run_job
from jobs.queueing import enqueue_job

_REPOSITORY = re.compile(r"[\w][\w.-]*/[\w][\w.-]*", re.ASCII)


class PushRefused(Refused):
    """A push that can't be: a sentence that says why."""


def start_push(export: Export, repository: str, *, private: bool, created_by: User) -> HubPush:
    """Queue the push for a data worker. Raises PushRefused."""
    if not settings.HUB_TOKEN:
        raise PushRefused("This server has no Hub token: set HF_TOKEN.")
    if not _REPOSITORY.fullmatch(repository) or ".." in repository or "--" in repository:
        raise PushRefused(f"{repository!r} is not a Hugging Face dataset. Use owner/name.")
    if export.status != Export.Status.FINISHED:
        raise PushRefused("Only a finished export can be pushed.")
    with transaction.atomic():
        push = HubPush.objects.create(
            export=export, repository=repository, private=private, created_by=created_by
        )
        enqueue_job(push)
    return push


def run_push(push_id: int) -> None:
    """Push the export if the push is queued: the Hub takes all files in one commit, or none."""
    run_job(HubPush, push_id, lambda push, _: {"url": _push(push)}, explain=_explain)


def _explain(error: Exception) -> str:
    return f"The Hub rejected the push: {error}"


def _push(push: HubPush) -> str:
    from huggingface_hub import HfApi  # half a second that only this needs

    api = HfApi(endpoint=settings.HUB_ENDPOINT, token=settings.HUB_TOKEN)
    with tempfile.TemporaryDirectory() as spare:
        folder = _on_disk(push.export, Path(spare))
        api.create_repo(push.repository, repo_type="dataset", private=push.private, exist_ok=True)
        # A file of an earlier push would be read along with the new ones.
        commit = api.upload_folder(
            repo_id=push.repository,
            repo_type="dataset",
            folder_path=folder,
            commit_message=f"Export {push.export.pk} of {push.export.dataset.name}",
            delete_patterns=["data/*", "lineage/*"],
        )
    return str(commit.commit_url)


def _on_disk(export: Export, spare: Path) -> Path:
    """Return the export's folder; from a bucket it is copied to `spare` first."""
    if not export.location:
        return folder_of(export)
    download(export, spare)
    return spare
