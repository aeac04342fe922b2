"""PostgreSQL's configuration on one person's machine: a laptop or a small server."""

from pathlib import Path

from misstep.local import addresses

SETTINGS = {
    # The socket alone; nothing listens on the network.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Names the socket's file; nothing listens on it.
    "port": "5432",
    # Web threads, workers and a test run at the same time; an idle connection costs a few MB.
    "max_connections": "200",
    # Holds the indexes of about a million traces, and leaves a laptop of 8 GB its memory.
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    # Sorting and grouping verdicts for the numbers pages without going to disk.
    "work_mem": "32MB",
    # Building an import's indexes.
    "maintenance_work_mem": "256MB",
    # Nothing is replicated, so loading into a new table need not be logged twice.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Bulk loads write much at once: fewer, larger checkpoints, and half the bytes in between.
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    # Compiling costs more than it saves on queries of a few milliseconds.
    "jit": "off",
    # A laptop's disk is an SSD: an index is nearly always worth it.
    "random_page_cost": "1.1",
    # A container's /dev/shm has often 64 MB, too few for a parallel query.
    "dynamic_shared_memory_type": "sysv",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    # Slower statements are logged.
    "log_min_duration_statement": "2s",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def write_settings(folder: Path, user: str) -> None:
    """Write the three files, owned by the caller; the server only reads them."""
    folder.mkdir(exist_ok=True)
    settings = {**SETTINGS, "unix_socket_directories": str(addresses.postgres_sockets())}
    lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    _replace(folder / "postgresql.conf", lines)
    _replace(folder / "pg_hba.conf", "local all misstep peer map=misstep\n")
    _replace(folder / "pg_ident.conf", f'misstep "{user}" misstep\n')


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text)
    draft.chmod(0o644)
    draft.replace(path)
