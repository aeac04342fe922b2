"""The watchdog with real programs: what it starts ends with the pipe, however it ends."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from inference.backends.vllm import watchdog
from tests.waiting import comes_true

# A program that starts another, as vLLM does, and says both numbers.
FAMILY = "sleep 300 & echo $$ $! >> {file}; {more}wait"
# Deaf to the first word.
DEAF = "trap '' TERM; "


class Guarded:
    """A program under a watchdog; this test holds the other end of its pipe."""

    def __init__(self, script: str, grace: float = 5.0) -> None:
        theirs, self.pipe = os.pipe()
        line = [sys.executable, watchdog.__file__, str(theirs), str(grace), "bash", "-c", script]
        self.process = subprocess.Popen(line, pass_fds=[theirs], start_new_session=True)
        os.close(theirs)


def family_of(file: Path) -> list[int]:
    assert comes_true(lambda: file.exists() and len(file.read_text().split()) == 2)
    return [int(number) for number in file.read_text().split()]


def alive(number: int) -> bool:
    return psutil.pid_exists(number) and psutil.Process(number).status() != "zombie"


def test_closing_the_pipe_ends_the_program_and_what_it_started(tmp_path: Path):
    guarded = Guarded(FAMILY.format(file=tmp_path / "pids", more=""))
    family = family_of(tmp_path / "pids")
    assert all(map(alive, family))
    os.close(guarded.pipe)
    guarded.process.wait(30)
    assert comes_true(lambda: not any(map(alive, family)))


def test_a_program_deaf_to_the_first_word_is_killed(tmp_path: Path):
    script = DEAF + FAMILY.format(file=tmp_path / "pids", more="while true; do sleep 1; done; ")
    guarded = Guarded(script, grace=0.3)
    family = family_of(tmp_path / "pids")
    os.close(guarded.pipe)
    assert guarded.process.wait(30) == 256 - 9
    assert comes_true(lambda: not any(map(alive, family)))


def test_what_a_program_leaves_behind_is_killed_with_its_end(tmp_path: Path):
    guarded = Guarded(f"sleep 300 & echo $$ $! > {tmp_path / 'pids'}; exit 3")
    family = family_of(tmp_path / "pids")
    assert guarded.process.wait(30) == 3
    assert comes_true(lambda: not any(map(alive, family)))
    os.close(guarded.pipe)


def test_the_watchdog_killed_takes_the_program_along(tmp_path: Path):
    guarded = Guarded(f"echo $$ $$ > {tmp_path / 'pids'}; sleep 300; true")
    program, _ = family_of(tmp_path / "pids")
    guarded.process.kill()
    guarded.process.wait(30)
    assert comes_true(lambda: not alive(program))
    os.close(guarded.pipe)
