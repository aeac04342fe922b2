"""The user that runs PostgreSQL: the caller, or a system user if the caller is root."""

import os
import pwd
import shutil
import subprocess

from misstep.local import addresses
from misstep.local.errors import LocalServiceError


def user_name() -> str:
    """Return the name of this process's user; raise LocalServiceError if it has none."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise LocalServiceError(
            f"This process runs as user number {os.geteuid()}, which has no name in /etc/passwd, "
            "and PostgreSQL needs one: run Misstep as a named user, or set DATABASE_URL."
        ) from None


def server_user() -> str | None:
    """Return the system user that runs PostgreSQL for root, made on the first call; else None."""
    if not addresses.running_as_root():
        return None
    try:
        pwd.getpwnam(addresses.POSTGRES_USER)
    except KeyError:
        _make_server_user()
    return addresses.POSTGRES_USER


def server_identity() -> tuple[int, int] | None:
    """Return the user and group id of the database's files, or None for the caller's own."""
    user = server_user()
    if user is None:
        return None
    account = pwd.getpwnam(user)
    return account.pw_uid, account.pw_gid


def _make_server_user() -> None:
    refusal = (
        "PostgreSQL doesn't run as root, and its system user couldn't be created: create "
        f"one named {addresses.POSTGRES_USER}, run Misstep as an ordinary user, or set "
        "DATABASE_URL."
    )
    program = shutil.which("useradd")
    if program is None:
        raise LocalServiceError(refusal)
    made = subprocess.run(  # noqa: S603 a fixed command line
        [program, "--system", "--user-group", "--no-create-home", addresses.POSTGRES_USER],
        capture_output=True,
        check=False,
    )
    # 9: another process has just made it.
    if made.returncode not in {0, 9}:
        raise LocalServiceError(refusal)
