"""`python -m training.jobs FOLDER [PARENT]` runs the training job of a folder in its own process.

Exit status: 0 if the run is finished; 3 if it was told to stop, or its parent process is gone, and
left a checkpoint; 1 if it can't continue, with the reason in `error.txt`.
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
    """Run the folder named on the command line and exit with its status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Usage: python -m training.jobs FOLDER (a folder with a run.json)")
    folder = Path(sys.argv[1])
    parent = int(sys.argv[2]) if len(sys.argv) > 2 else os.getppid()
    sys.exit(work(folder, stop_check(parent)))


def stop_check(parent: int) -> Callable[[], bool]:
    """Return a check that is true after SIGTERM, or once the parent process is gone.

    The handler only sets a variable. It may interrupt itself, and would then deadlock on a lock of
    its own, such as the lock inside `threading.Event`.
    """
    terminated = False

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal terminated
        terminated = True

    signal.signal(signal.SIGTERM, handle)
    return lambda: terminated or os.getppid() != parent


def work(folder: Path, stop: Callable[[], bool]) -> int:
    """Run the folder under its lock and return the exit status.

    A second process waits until the first one has saved its checkpoint.
    """
    from training.jobs.checkpoints import write_error_message
    from training.jobs.runner import run

    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return 0 if run(folder, stop=stop) else STOPPED
        except JobError as error:
            return _fail(folder, str(error))
        except OSError as error:
            logging.getLogger(__name__).exception("The run stops")
            return _fail(folder, write_error_message(error))


def _fail(folder: Path, message: str) -> int:
    """Write the message to `error.txt` and return exit status 1."""
    logging.getLogger(__name__).error("%s", message)
    (folder / ERROR).write_text(message)
    return 1


if __name__ == "__main__":
    main()
