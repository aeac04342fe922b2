"""Bursts of signals against a process that should end cleanly at each of them."""

import itertools
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType

ROUNDS = 300
LONGEST_BURST = 100e-6
# A round takes milliseconds; a process that is silent this long hangs.
HANG_SECONDS = 20.0


class Victim:
    """A Python process that is hit once a round.

    `wait_for_end` is the body of a function: it prepares for signals, calls `ready()`, and returns
    when the process would end. The process answers each round with a line.
    """

    def __init__(self, wait_for_end: str) -> None:
        body = "\n".join(f"    {line}" for line in wait_for_end.strip().splitlines())
        code = (
            "import sys\n"
            f"def wait_for_end(ready):\n{body}\n"
            "while sys.stdin.readline():\n"
            "    wait_for_end(lambda: print('ready', flush=True))\n"
            "    print('ended', flush=True)\n"
            "    sys.stdin.readline()\n"  # late signals of the burst arrive before this answer
            "    print('calm', flush=True)\n"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def __enter__(self) -> "Victim":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def survives(self, burst: Sequence[signal.Signals], gaps: Sequence[float]) -> bool:
        """Send a burst and return whether the process ended its round and can go on."""
        self._go_on()
        assert self._answer() == "ready"
        send(self._process.pid, burst, gaps)
        if self._answer() != "ended":
            return False
        self._go_on()
        return self._answer() == "calm"

    def _go_on(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")

    def _answer(self) -> str:
        """Return the next line of the process, or nothing after the time of a hang."""
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], HANG_SECONDS)
        return self._process.stdout.readline().decode().strip() if readable else ""


def send(process: int, burst: Sequence[signal.Signals], gaps: Sequence[float]) -> None:
    """Send the signals with these seconds between them, kept without giving up the processor."""
    for number, gap in zip(burst, [0.0, *gaps], strict=False):
        until = time.perf_counter() + gap
        while time.perf_counter() < until:
            pass
        os.kill(process, number)


def first_hang(wait_for_end: str, signals: Sequence[signal.Signals]) -> int | None:
    """Send 300 bursts of three signals; return the number of the burst that hung, or None."""
    chance = random.Random(0)
    burst = list(itertools.islice(itertools.cycle(signals), 3))
    with Victim(wait_for_end) as victim:
        for number in range(ROUNDS):
            chance.shuffle(burst)
            gaps = [chance.uniform(0, LONGEST_BURST / 2) for _ in range(2)]
            if not victim.survives(burst, gaps):
                return number
    return None


def survives_a_signal_at_every_line(wait_for_end: str) -> bool:
    """Return whether the process ends when SIGTERM interrupts each line of Python that it runs.

    A burst meets a handler's few lines by chance; this meets each of them.
    """
    prepare, _, wait = wait_for_end.strip().partition("ready()\n")
    interrupt = (
        "import signal, sys\n"
        "def interrupt(*_):\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    return interrupt\n"
        "sys.settrace(interrupt)\n"
        "signal.raise_signal(signal.SIGTERM)\n"
    )
    with Victim(f"{prepare}ready()\n{interrupt}{wait}\nsys.settrace(None)") as victim:
        return victim.survives([], [])
