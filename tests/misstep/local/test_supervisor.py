import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from misstep.local import supervisor
from misstep.local.processes import Program, last_lines, make_room
from misstep.local.supervisor import Child, Supervisor
from tests.waiting import comes_true


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "WAITS", (0.05, 0.05))
    monkeypatch.setattr(supervisor, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(supervisor, "STOP_SIGNALS", ((signal.SIGTERM, 1.0), (signal.SIGQUIT, 0.2)))


def python(name: str, folder: Path, code: str, essential: bool = False) -> Child:
    program = Program([sys.executable, "-u", "-c", code], folder / f"{name}.log")
    return Child(name, program, essential)


def alive(process: int) -> bool:
    shown = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True
    )
    return shown.stdout.strip() not in {""} and not shown.stdout.startswith("Z")


def numbers_in(log: Path) -> list[int]:
    return [int(line) for line in last_lines(log, 100) if line.isdigit()]


SLEEPER = "import os, time; print(os.getpid()); time.sleep(600)"


class Site:
    """A supervisor that runs in a thread of its own."""

    def __init__(self, children: list[Child]) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(children, self.said.append)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.supervisor.start()
        self.supervisor.run()

    def stop(self) -> None:
        self.supervisor.ask_to_stop()
        self.thread.join()


@pytest.fixture
def site() -> Iterator[Callable[[list[Child]], Site]]:
    sites: list[Site] = []

    def run(children: list[Child]) -> Site:
        sites.append(Site(children))
        return sites[-1]

    yield run
    for running in sites:
        running.stop()


def test_children_are_stopped_at_the_end(
    tmp_path: Path, site: Callable[[list[Child]], Site]
) -> None:
    running = site([python("a", tmp_path, SLEEPER), python("b", tmp_path, SLEEPER)])
    assert comes_true(lambda: all(numbers_in(tmp_path / f"{name}.log") for name in "ab"))
    running.stop()
    processes = [numbers_in(tmp_path / f"{name}.log")[0] for name in "ab"]
    assert [alive(process) for process in processes] == [False, False]
    assert running.said == []


def test_child_that_dies_is_started_again(
    tmp_path: Path, site: Callable[[list[Child]], Site]
) -> None:
    running = site([python("a", tmp_path, SLEEPER)])
    log = tmp_path / "a.log"
    assert comes_true(lambda: len(numbers_in(log)) == 1)
    os.kill(numbers_in(log)[0], signal.SIGKILL)
    assert comes_true(lambda: len(numbers_in(log)) == 2)
    assert running.said == ["a stopped (signal SIGKILL). Restarting it."]
    assert running.supervisor.failure == ""


def test_child_that_keeps_dying_is_given_up_and_the_others_run_on(
    tmp_path: Path, site: Callable[[list[Child]], Site]
) -> None:
    running = site(
        [python("bad", tmp_path, "raise SystemExit('no disk')"), python("good", tmp_path, SLEEPER)]
    )
    assert comes_true(lambda: running.supervisor.failure != "")
    assert (
        "bad stopped 3 times in a row and stays off: no disk (more in" in running.supervisor.failure
    )
    assert alive(numbers_in(tmp_path / "good.log")[0])
    assert running.said[-1] == running.supervisor.failure


def test_losing_the_essential_child_stops_all(
    tmp_path: Path, site: Callable[[list[Child]], Site]
) -> None:
    bad = python("web", tmp_path, "raise SystemExit(3)", essential=True)
    running = site([bad, python("good", tmp_path, SLEEPER)])
    running.thread.join(20)
    assert not running.thread.is_alive()
    assert not alive(numbers_in(tmp_path / "good.log")[0])


def test_child_deaf_to_signals_is_killed_with_what_it_started(
    tmp_path: Path, site: Callable[[list[Child]], Site]
) -> None:
    code = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGQUIT, signal.SIG_IGN)\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)\n"
        "print(os.getpid()); time.sleep(600)"
    )
    running = site([python("deaf", tmp_path, code)])
    assert comes_true(lambda: len(numbers_in(tmp_path / "deaf.log")) == 2)
    running.stop()
    assert comes_true(lambda: not any(map(alive, numbers_in(tmp_path / "deaf.log"))))


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process of its parent's end"
)
def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from misstep.local.processes import Program\n"
        "from misstep.local.supervisor import Child, Supervisor\n"
        f"log = Path({str(tmp_path / 'a.log')!r})\n"
        f"child = Program([sys.executable, '-u', '-c', {SLEEPER!r}], log)\n"
        "supervisor = Supervisor([Child('a', child)], print)\n"
        "supervisor.start()\nsupervisor.run()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    assert comes_true(lambda: numbers_in(tmp_path / "a.log") != [])
    parent.kill()
    parent.wait()
    assert comes_true(lambda: not alive(numbers_in(tmp_path / "a.log")[0]))


def test_full_log_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("misstep.local.processes.LONGEST_LOG", 10)
    log = tmp_path / "web.log"
    log.write_text("short")
    make_room(log)
    assert log.read_text() == "short"
    log.write_text("much longer than ten")
    make_room(log)
    assert not log.exists()
    assert (tmp_path / "web.log.1").read_text() == "much longer than ten"
