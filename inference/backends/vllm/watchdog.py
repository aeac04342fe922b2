"""Runs a program that must not outlive its worker: `watchdog.py PIPE GRACE PROGRAM ARGUMENT...`.

The worker holds the other end of the pipe. When it is closed, by the worker or by its death, the
program is asked to end, and after GRACE seconds it and all its children are killed. When the
program ends by itself, its remaining children are killed too.

Run as a file, by any Python, with nothing but the standard library.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

LOOK_EVERY = 0.2
# prctl's number for "send me this signal when my parent dies"; Linux only.
PR_SET_PDEATHSIG = 1


def main() -> int:
    pipe, grace, line = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    # Signals to the worker's terminal or group do not count here: only the pipe does.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    child = subprocess.Popen(  # noqa: S603 the worker composed it
        line, process_group=0, preexec_fn=_as_it_was_and_tied, stdin=subprocess.DEVNULL
    )
    while child.poll() is None and not _closed(pipe):
        pass
    return _end(child, grace)


def _as_it_was_and_tied() -> None:
    """Restore the signals in the child, and let it die with the watchdog."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))


def _closed(pipe: int) -> bool:
    """Wait briefly. Return whether the pipe closed: nobody writes to it, readable is closed."""
    return bool(select.select([pipe], [], [], LOOK_EVERY)[0])


def _end(child: "subprocess.Popen[bytes]", grace: float) -> int:
    if child.poll() is None:
        child.terminate()
    deadline = time.monotonic() + grace
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    return child.wait()


if __name__ == "__main__":
    sys.exit(main() & 0xFF)
