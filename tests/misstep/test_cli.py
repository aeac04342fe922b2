import os
import subprocess
import sys
from pathlib import Path

from misstep import cli


def misstep(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "misstep.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "misstep.settings", **environment},
    )


def test_overview_names_every_command() -> None:
    shown = misstep("--help")
    assert shown.returncode == 0
    named = [line.split()[0] for line in shown.stdout.splitlines() if line.startswith("  ")]
    assert named == list(cli.COMMANDS)
    assert misstep().stdout == shown.stdout


def test_help_of_a_command_starts_nothing(tmp_path: Path) -> None:
    shown = misstep("up", "--help", MISSTEP_HOME=str(tmp_path / "home"))
    assert "--port" in shown.stdout
    assert not (tmp_path / "home" / "locks").exists()
    assert "--pythonpath" not in shown.stdout  # Django's own hide ours


def test_impossible_home_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = misstep("migrate", MISSTEP_HOME=str(tmp_path / "file"), DATABASE_URL="", REDIS_URL="")
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert "set MISSTEP_HOME" in failed.stderr


def test_unknown_kind_of_database_is_one_sentence() -> None:
    failed = misstep("migrate", DATABASE_URL="sqlite:///file")
    assert (failed.returncode, failed.stderr) == (
        1,
        "DATABASE_URL is not the address of a PostgreSQL server: "
        "use postgresql://USER:PASSWORD@HOST:5432/NAME.\n",
    )


def test_silent_database_of_the_environment_is_one_sentence() -> None:
    failed = misstep("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert failed.returncode == 1
    assert failed.stderr.startswith("The PostgreSQL server of DATABASE_URL can't be used")
    assert failed.stderr.count("\n") == 1
