"""`python -m training.jobs FOLDER`: one run, in a process of its own.

Exits with 0 when the run is finished, with 3 when it was told to stop and left a checkpoint, and
with 1 and a sentence when it can't go on.
"""

import logging
import signal
import sys
import threading
from pathlib import Path

STOPPED = 3


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    from training.jobs.errors import JobError
    from training.jobs.running import run

    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    try:
        result = run(Path(sys.argv[1]), stop=told.is_set)
    except JobError as error:
        sys.exit(str(error))
    sys.exit(0 if result else STOPPED)


if __name__ == "__main__":
    main()
