"""Pushing a finished export to the Hugging Face Hub, as a dataset of its own."""

import logging
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exports.heartbeat import SILENT_AFTER, staying_alive
from exports.models import Export, HubPush
from exports.storage.store import download, folder_of

logger = logging.getLogger(__name__)

_REPOSITORY = re.compile(r"[\w][\w.-]*/[\w][\w.-]*", re.ASCII)


class PushRefused(ValueError):
    """A push that can't be: a sentence that says why."""


def start_push(export: Export, repository: str, *, private: bool, created_by: User) -> HubPush:
    """Queue the push; a data worker does it. Raises PushRefused."""
    from exports.tasks import push_export  # the task imports this module

    if not settings.HUB_TOKEN:
        raise PushRefused("This server has no token for the Hub: set HF_TOKEN.")
    if not _REPOSITORY.fullmatch(repository) or ".." in repository or "--" in repository:
        raise PushRefused(f"{repository!r} names no dataset of the Hub; write owner/name.")
    if export.status != Export.Status.FINISHED:
        raise PushRefused("Only a finished export can be pushed.")
    with transaction.atomic():
        push = HubPush.objects.create(
            export=export, repository=repository, private=private, created_by=created_by
        )
        push_export.delay_on_commit(push.pk)
    return push


def run_push(push_id: int) -> None:
    """Push, if nobody has: the Hub takes all files in one commit, or none."""
    claimed = HubPush.objects.filter(pk=push_id, status=HubPush.Status.QUEUED).update(
        status=HubPush.Status.RUNNING, heartbeat_at=timezone.now()
    )
    if not claimed:
        return
    push = HubPush.objects.select_related("export").get(pk=push_id)
    try:
        with staying_alive(push):
            push.url = _push(push)
        push.status = HubPush.Status.DONE
    except Exception as error:
        # Whatever the Hub or the network said, the row says so.
        logger.exception("Push %s failed", push_id)
        push.error = f"The Hub did not take it: {error}"
        push.status = HubPush.Status.FAILED
    push.save()


def close_silent_pushes() -> int:
    """Pushes whose worker has gone are failed; the Hub has all of an export or nothing of it."""
    silent = HubPush.objects.filter(
        status=HubPush.Status.RUNNING, heartbeat_at__lt=timezone.now() - SILENT_AFTER
    )
    sentence = "The worker that pushed this export has gone; push it again."
    return silent.update(status=HubPush.Status.FAILED, error=sentence)


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
    """The export's folder; from a bucket it is copied to `spare` first."""
    if not export.location:
        return folder_of(export)
    download(export, spare)
    return spare
