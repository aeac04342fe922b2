"""Where Misstep's own PostgreSQL and Valkey live, and how to reach them.

Everything follows from the home folder, so that any process on the machine comes to the same
addresses. Nothing here starts anything or imports anything heavy: the settings need it.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from misstep.local.errors import LocalServiceError

# PostgreSQL refuses to run as root. It then runs as this user, who may not be able to enter root's
# folders, so the database stays in a folder that lets it in.
POSTGRES_USER = "embedded_postgres"
ROOT_STATE = Path("/var/lib/misstep")
# A socket's path has 107 bytes on Linux and 103 on macOS; PostgreSQL's file name takes 16.
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432.x")
# The names that Django, Celery and redis-py keep apart within one Valkey.
BROKER_NUMBER = 0
CACHE_NUMBER = 1


def project_root() -> Path:
    """Return the checkout or, for an installed wheel, the folder that holds its packages."""
    return Path(__file__).resolve().parents[3]


def home() -> Path:
    """Return `MISSTEP_HOME`, else `.misstep` in the checkout or in the user's own folder."""
    chosen = os.environ.get("MISSTEP_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    checkout = project_root()
    return (checkout if (checkout / "pyproject.toml").exists() else Path.home()) / ".misstep"


def logs() -> Path:
    return home() / "logs"


def locks() -> Path:
    return home() / "locks"


def running_as_root() -> bool:
    return _user_id() == 0


def postgres_folder() -> Path:
    return ROOT_STATE / _name_of_home() if running_as_root() else home() / "postgres"


def postgres_sockets() -> Path:
    return postgres_folder() / "sockets" if running_as_root() else sockets()


def valkey_folder() -> Path:
    return home() / "valkey"


def sockets() -> Path:
    """Return the folder of the sockets: in the home, or a short one if its path is too long.

    Not under `XDG_RUNTIME_DIR`: a process started by cron or sudo would look elsewhere.
    """
    at_home = home() / "sockets"
    if len(os.fsencode(at_home)) <= LONGEST_SOCKET_FOLDER:
        return at_home
    return Path("/tmp") / f"misstep-{_user_id()}-{_name_of_home()}"  # noqa: S108 checked when made


def valkey_socket() -> Path:
    return sockets() / "valkey.sock"


def own_database() -> bool:
    """Return whether the database is Misstep's own, since the environment names no other."""
    return not os.environ.get("DATABASE_URL")


def own_redis() -> bool:
    return not os.environ.get("REDIS_URL")


def database_url() -> str:
    """Return `DATABASE_URL`, or the address of Misstep's own PostgreSQL."""
    chosen = os.environ.get("DATABASE_URL")
    if not chosen:
        return f"postgresql://misstep@{quote(str(postgres_sockets()), safe='')}/misstep"
    if not chosen.startswith(("postgresql://", "postgres://")):
        raise LocalServiceError(
            "DATABASE_URL is not the address of a PostgreSQL server: use "
            "postgresql://USER:PASSWORD@HOST:5432/NAME."
        )
    return chosen


def broker_url() -> str:
    """Return `REDIS_URL`, or the address of Misstep's own Valkey, in Celery's form."""
    path, number = _socket_of(os.environ.get("REDIS_URL", ""))
    if path:
        return f"redis+socket://{path}?virtual_host={number or BROKER_NUMBER}"
    return os.environ.get("REDIS_URL") or (
        f"redis+socket://{valkey_socket()}?virtual_host={BROKER_NUMBER}"
    )


def cache_url() -> str:
    """Return `REDIS_URL`, or the address of Misstep's own Valkey, in redis-py's form."""
    path, number = _socket_of(os.environ.get("REDIS_URL", ""))
    if path:
        return f"unix://{path}?db={number or BROKER_NUMBER}"
    return os.environ.get("REDIS_URL") or f"unix://{valkey_socket()}?db={CACHE_NUMBER}"


def secret_key() -> str:
    """Return the key of this installation, made on the first call and readable by its user alone.

    Several processes may call at once: the first to write its key wins, and all read that one.
    """
    path = home() / "secret-key"
    try:
        return _kept_secret(path)
    except OSError as error:
        raise LocalServiceError(
            f"The file {path} can't be created or read ({error.strerror}): set MISSTEP_HOME "
            "to a writable folder, or MISSTEP_SECRET_KEY to a long random text."
        ) from error


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret-key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def _socket_of(url: str) -> tuple[str, str]:
    """Return the socket's path and the database number in a Redis address, or two empty strings."""
    parts = urlsplit(url)
    if parts.scheme not in {"unix", "redis+socket"}:
        return "", ""
    query = parse_qs(parts.query)
    return parts.path, (query.get("db") or query.get("virtual_host") or [""])[0]


def _user_id() -> int:
    return os.geteuid()


def _name_of_home() -> str:
    return hashlib.sha256(os.fsencode(home())).hexdigest()[:12]
