"""The commands of docs/training.md, as they stand there, on a tiny model."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.tiny import make_base

ROOT = Path(__file__).resolve().parents[2]
OF_THE_TESTS = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MISSTEP_TEST_SESSION"}


def commands() -> list[list[str]]:
    (block,) = re.findall(
        r"^```sh\n(.*?)^```", (ROOT / "docs/training.md").read_text(), re.M | re.S
    )
    return [shlex.split(line) for line in block.splitlines()]


@pytest.mark.timeout(1200)
def test_the_way_from_labels_to_a_judging_model_works_as_written(tmp_path: Path):
    base = make_base(tmp_path / "base", context=1024)
    environment = {k: v for k, v in os.environ.items() if k not in OF_THE_TESTS}
    environment["MISSTEP_HOME"] = str(tmp_path / "home")
    said = {}
    for words in commands():
        assert words[0] == "misstep"
        given = [str(base) if word == "Qwen/Qwen2.5-0.5B" else word for word in words[1:]]
        done = subprocess.run(
            [sys.executable, "-m", "misstep.cli", *given],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        said[words[1]] = done.stdout
    assert list(said) == ["sample", "import", "export", "train", "score", "leaderboard"]
    assert "Run 1 finished after 20 updates" in said["train"]
    assert "my-prm is ready to judge." in said["train"]
    assert "60 of 60 traces judged" in said["score"]
    assert "my-prm" in said["leaderboard"]
