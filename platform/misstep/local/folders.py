"""Private folders, on a disk with enough space."""

import os
import shutil
import stat
from pathlib import Path

from misstep.local.errors import LocalServiceError


def make_private(folder: Path, owner: tuple[int, int] | None = None) -> None:
    """Make a folder that only `owner` may enter (user and group id; else this process's).

    An existing one is used only if it is a real folder of that owner: in /tmp, another user could
    have made it first. Missing parents are made, existing ones never changed.
    """
    wanted = owner[0] if owner else os.geteuid()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(folder):
            folder.mkdir(mode=0o700)
            if owner:
                os.chown(folder, *owner)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted:
            raise LocalServiceError(
                f"{folder} doesn't belong to this user and can't be trusted: remove it, or "
                "set MISSTEP_HOME to a folder with a shorter path."
            )
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError as error:
        raise LocalServiceError(
            f"The folder {folder} can't be created ({error.strerror}): set MISSTEP_HOME to a "
            "writable folder."
        ) from error


def require_space(folder: Path, needed: int, title: str) -> None:
    """Refuse to start on a disk with fewer than `needed` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise LocalServiceError(
            f"The disk of {folder} has {free // 1024**2} MB left and {title} needs "
            f"{needed // 1024**2} MB to start: free some, or set MISSTEP_HOME to another disk."
        )
