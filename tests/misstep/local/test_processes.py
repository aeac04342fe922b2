import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from misstep.local import processes
from misstep.local.processes import Program, end, identity, kill_group, last_lines, make_room, spawn
from tests.waiting import comes_true


def program(folder: Path, code: str, **fields: object) -> Program:
    return Program([sys.executable, "-u", "-c", code], folder / "logs" / "a.log", **fields)  # type: ignore[arg-type]


def text_of(folder: Path) -> str:
    log = folder / "logs" / "a.log"
    return log.read_text() if log.exists() else ""


def is_gone(process: Path) -> bool:
    """Return whether a process of /proc has ended; a zombie has no command line."""
    try:
        return not (process / "cmdline").read_bytes()
    except OSError:
        return True


def test_a_program_writes_to_its_log_in_a_group_of_its_own(tmp_path: Path) -> None:
    code = "import os, sys; print(os.getpgid(0) == os.getpid()); print('e', file=sys.stderr)"
    assert spawn(program(tmp_path, code)).wait(30) == 0
    assert sorted(text_of(tmp_path).split()) == ["True", "e"]
    assert spawn(program(tmp_path, "print('again')")).wait(30) == 0
    assert text_of(tmp_path).endswith("again\n")


def test_a_program_gets_its_environment(tmp_path: Path) -> None:
    code = "import os; print(os.environ.get('MISSTEP_TRIED'))"
    environment = {**os.environ, "MISSTEP_TRIED": "yes"}
    spawn(program(tmp_path, code, environment=environment)).wait(30)
    assert text_of(tmp_path) == "yes\n"


@pytest.mark.parametrize(("uses_services", "expected"), [(True, "open\n"), (False, "closed\n")])
def test_only_a_user_of_services_inherits_their_locks(
    tmp_path: Path, uses_services: bool, expected: str
) -> None:
    with (tmp_path / "lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        code = (
            "import os\n"
            f"try: os.fstat({lock.fileno()}); print('open')\n"
            "except OSError: print('closed')"
        )
        spawn(program(tmp_path, code, uses_services=uses_services)).wait(30)
    assert text_of(tmp_path) == expected


def test_end_asks_first_and_kills_a_deaf_process(tmp_path: Path) -> None:
    polite = spawn(program(tmp_path, "import time; print('up'); time.sleep(600)"))
    assert comes_true(lambda: "up" in text_of(tmp_path))
    end(polite, signal.SIGTERM, 30)
    assert polite.returncode == -signal.SIGTERM
    end(polite, signal.SIGTERM, 30)  # it has ended already
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('deaf'); time.sleep(600)"
    )
    deaf = spawn(program(tmp_path, code))
    assert comes_true(lambda: "deaf" in text_of(tmp_path))
    end(deaf, signal.SIGTERM, 0.1)
    assert deaf.returncode == -signal.SIGKILL
    kill_group(deaf)  # gone already


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ends a child with its parent")
def test_a_program_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from misstep.local.processes import Program, spawn\n"
        f"log = Path({str(tmp_path / 'logs' / 'a.log')!r})\n"
        "line = 'import os, time; print(os.getpid()); time.sleep(600)'\n"
        "spawn(Program([sys.executable, '-u', '-c', line], log)); time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    assert comes_true(lambda: text_of(tmp_path).strip().isdigit())
    child = Path("/proc") / text_of(tmp_path).strip()
    parent.kill()
    parent.wait()
    assert comes_true(
        lambda: not (child / "cmdline").exists() or not (child / "cmdline").read_bytes()
    )


def test_the_callers_identity_changes_nothing_and_another_user_has_no_groups() -> None:
    assert identity(None) == {"user": None, "group": None, "extra_groups": None}
    account = pwd.getpwuid(os.geteuid())
    assert identity(account.pw_name) == {
        "user": account.pw_uid,
        "group": account.pw_gid,
        "extra_groups": [],
    }


def test_a_large_log_makes_room_and_the_last_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LONGEST_LOG", 3)
    log = tmp_path / "a.log"
    make_room(log)
    for text in ("first", "second"):
        log.write_text(text)
        make_room(log)
    assert not log.exists()
    assert (tmp_path / "a.log.1").read_text() == "second"


def test_the_last_lines_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    assert last_lines(log, 2) == []
    log.write_bytes(b"a\n\n  b \nc\xff\n\n")
    assert last_lines(log, 2) == ["b", "c\ufffd"]
    log.write_text("x" * 100_000 + "\nend\n")
    began = time.monotonic()
    assert last_lines(log, 1) == ["end"]
    assert time.monotonic() - began < 5
