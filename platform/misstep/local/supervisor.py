"""A supervisor of Misstep's own processes: start, watch, restart, stop in order."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

from misstep.local.processes import Program, kill_group, last_lines, spawn
from misstep.local.stop_requests import StopRequests

# The signals that stop a child, and the seconds that it gets after each. A worker ends its running
# task at the first and gives it back at the second.
STOP_SIGNALS = ((signal.SIGTERM, 8.0), (signal.SIGQUIT, 4.0))
LOOK_EVERY = 0.25
# A child that lived this long has settled: its next death counts as the first.
SETTLED_AFTER = 60.0
# Seconds before each new try; a child that dies once more is given up.
WAITS = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Child:
    """A process to run. The others are useless without an `essential` one."""

    name: str
    program: Program
    essential: bool = False


class _Running:
    def __init__(self, child: Child) -> None:
        self.child = child
        self.deaths = 0
        self.due = 0.0
        self.given_up = False
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        self.started = time.monotonic()
        self.process = spawn(self.child.program)
        return self.process


class Supervisor:
    """A loop that runs the children until it is told to stop; they end with its thread.

    `say` is called with a sentence for the user about each restart and failure. `failure` is the
    sentence about the first child that was given up, or empty.
    """

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.failure = ""
        self._children = children
        self._say = say
        self._running: list[_Running] = []
        self._requests = StopRequests()

    def start(self) -> None:
        self._running = [_Running(child) for child in self._children]

    def look(self) -> bool:
        """Restart dead children; return False once there is no point in going on."""
        for running in self._running:
            if not running.given_up and running.process.poll() is not None:
                self._after_death(running)
        lost = any(running.given_up and running.child.essential for running in self._running)
        return not lost and not self._requests.count()

    def run(self) -> None:
        """Watch until a request to stop, or until an essential child is given up; then stop all."""
        try:
            while self.look():
                self._requests.wait(LOOK_EVERY)
        finally:
            self.stop()

    def ask_to_stop(self) -> None:
        """End `run`; after a second request, without waiting for children that still run."""
        self._requests.send()

    def stop(self) -> None:
        """Stop the children, the last started first, and wait until each has ended."""
        for number, grace in STOP_SIGNALS:
            alive = [running for running in self._running if running.process.poll() is None]
            for running in reversed(alive):
                running.process.send_signal(number)
            self._wait_for(alive, grace)
        for running in self._running:
            kill_group(running.process)

    def answer_signals(self) -> None:
        """Let Ctrl-C, a closed terminal and `kill` stop the children; main thread only."""

        def handle(_number: int, _frame: FrameType | None) -> None:
            self.ask_to_stop()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, handle)

    def _after_death(self, running: _Running) -> None:
        now = time.monotonic()
        if not running.due:
            settled = now - running.started > SETTLED_AFTER
            running.deaths = 1 if settled else running.deaths + 1
            if running.deaths > len(WAITS):
                self._give_up(running)
                return
            running.due = now + WAITS[running.deaths - 1]
            self._say(f"{running.child.name} stopped ({_how(running.process)}). Restarting it.")
        elif now >= running.due:
            running.due = 0.0
            running.start()

    def _give_up(self, running: _Running) -> None:
        running.given_up = True
        name, log = running.child.name, running.child.program.log
        ending = last_lines(log, 1) or ["it exited without a message"]
        sentence = (
            f"{name} stopped {running.deaths} times in a row and stays off: {ending[0]} "
            f"(more in {log})."
        )
        self.failure = self.failure or sentence
        self._say(sentence)

    def _wait_for(self, alive: list[_Running], grace: float) -> None:
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline and self._requests.count() < 2:
            if all(running.process.poll() is not None for running in alive):
                return
            time.sleep(0.05)


def _how(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
