"""How gunicorn serves the pages: `gunicorn -c python:misstep.gunicorn_conf misstep.wsgi`."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

# Processes, since two pages rendered in one process wait for each other; threads, since a page
# mostly waits for the database, and one long request must not block the others.
workers = int(os.environ.get("MISSTEP_WEB_PROCESSES") or 4)
threads = 4
# Loaded once and then forked: the processes share its memory, and a new one answers at once.
preload_app = True
# A worker that is silent for this long has hung. Uploads go through threads and don't count.
timeout = 120
graceful_timeout = 6
# Where gunicorn's heartbeat files never wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 gunicorn's advice
accesslog = "-"
errorlog = "-"
# Nobody commands gunicorn but its own parent.
control_socket_disable = True


def pre_fork(server: Any, worker: Any) -> None:
    """Exempt everything loaded so far from garbage collection, which would copy shared pages."""
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Let threads take turns ten times as often as Python's own 5 ms.

    A page sends many short queries. After each answer its thread waits for its turn, which another
    thread has while it renders a page.
    """
    sys.setswitchinterval(0.0005)
