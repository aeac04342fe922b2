"""What a worker computes on, told without loading torch."""

import os
import shutil
import subprocess

QUERY = "--query-gpu=index,uuid,name,memory.total"
PATIENCE_SECONDS = 10


def cpu() -> str:
    """Return the processor in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"CPU, {os.cpu_count()} cores, {memory / 2**30:.0f} GiB"


def gpus() -> list[str]:
    """Return a line for each GPU that this process may use, as the driver's own tool lists them."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    try:
        told = subprocess.run(  # noqa: S603 found on the path, its arguments are fixed
            [tool, QUERY, "--format=csv,noheader,nounits"],
            capture_output=True,
            check=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    rows = [[field.strip() for field in line.split(",")] for line in told.splitlines()]
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    return [
        f"{name}, {int(memory) / 1024:.0f} GiB"
        for index, uuid, name, memory in (row for row in rows if len(row) == 4)
        if allowed is None or {index, uuid} & {part.strip() for part in allowed.split(",")}
    ]
