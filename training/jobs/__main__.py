"""`python -m training.jobs FOLDER [PARENT]`: the run of that folder, in a process of its own.

Exits with 0 when the run is finished; with 3 when it was told to stop, or its parent process is
gone, and left a checkpoint; with 1 when it can't go on, and `error.txt` says why.
"""

import fcntl
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from training.jobs.errors import JobError
from training.jobs.files import ERROR, LOCK, STOPPED


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Usage: python -m training.jobs FOLDER, a folder with a run.json.")
    folder = Path(sys.argv[1])
    parent = int(sys.argv[2]) if len(sys.argv) > 2 else os.getppid()
    sys.exit(work(folder, stop_check(parent)))


def stop_check(parent: int) -> Callable[[], bool]:
    """Return a check that is true after SIGTERM, or once the parent process is gone.

    The handler only sets a variable. It may interrupt itself, and would then wait for ever for a
    lock of its own, such as the lock inside `threading.Event`.
    """
    terminated = False

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal terminated
        terminated = True

    signal.signal(signal.SIGTERM, handle)
    return lambda: terminated or os.getppid() != parent


def work(folder: Path, stop: Callable[[], bool]) -> int:
    """One process at a time: a second one waits until the first has left its checkpoint."""
    from training.jobs.checkpoints import cannot_write
    from training.jobs.runner import run

    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return 0 if run(folder, stop=stop) else STOPPED
        except JobError as error:
            return _refused(folder, str(error))
        except OSError as error:
            logging.getLogger(__name__).exception("The run stops")
            return _refused(folder, cannot_write(error))


def _refused(folder: Path, sentence: str) -> int:
    logging.getLogger(__name__).error("%s", sentence)
    (folder / ERROR).write_text(sentence)
    return 1


if __name__ == "__main__":
    main()
