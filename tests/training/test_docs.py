"""The commands of docs/training.md as they stand there, with a tiny model for the real one."""

import os
import re
import shlex
import subprocess
import sys
from hashlib import md5
from pathlib import Path

import orjson
import pytest

from exports.recipes.nft_prompts import BOXED
from tests.training.tiny import make_base, teach
from traces.hashing import problem_hash
from traces.samples import generate

ROOT = Path(__file__).resolve().parents[2]
OF_THE_TESTS = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MISSTEP_TEST_SESSION"}
# What stands in the place of the documented words, so that it takes a minute: a tiny model, and of
# 32 problems with 16 attempts each 8 with 8.
MODEL = "Qwen/Qwen2.5-0.5B"
SMALLER = {"32": "8", "16": "8"}


def blocks() -> list[list[list[str]]]:
    """The words of each command, block by block."""
    text = (ROOT / "docs/training.md").read_text()
    found = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    return [[shlex.split(line) for line in block.splitlines()] for block in found]


def run(commands: list[list[str]], folder: Path, base: Path) -> list[str]:
    """What each command says, run in a folder in which nothing was run before."""
    environment = {k: v for k, v in os.environ.items() if k not in OF_THE_TESTS}
    environment["MISSTEP_HOME"] = str(folder / ".misstep")  # where it is without the variable
    said = []
    for words in commands:
        assert words[0] == "misstep"
        given = [str(base) if word == MODEL else SMALLER.get(word, word) for word in words[1:]]
        done = subprocess.run(
            [sys.executable, "-m", "misstep.cli", *given],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        said.append(done.stdout)
    return said


@pytest.mark.timeout(1200)
def test_the_way_from_labels_to_a_judging_model_works_as_written(tmp_path: Path):
    commands, _ = blocks()
    said = run(commands, tmp_path, make_base(tmp_path / "base", context=1024))
    _, _, _, train, score, leaderboard = said
    assert "Run 1 finished after 20 updates" in train
    assert "my-prm is ready to score traces." in train
    assert "60 of 60 traces judged" in score
    assert "my-prm" in leaderboard


@pytest.mark.timeout(1200)
def test_a_round_of_a_policy_on_its_own_attempts_works_as_written(tmp_path: Path):
    _, commands = blocks()
    # A policy that can't reckon, and says after any prompt what is right for some that it is asked.
    base = make_base(tmp_path / "base", context=1024)
    teach(base, [f"{BOXED}\n{answer}" for answer in short_answers(asked=8, seed=1)])
    said = run(commands, tmp_path, base)
    rows = [orjson.loads(line) for line in (tmp_path / "round-1.jsonl").open("rb")]
    assert len(rows) == 8 * 8
    assert "64 of 64 traces judged" in said[4]
    # Some problems have right and wrong attempts: what there is to learn from.
    assert 1 <= int(said[5].split()[0]) < 8
    assert "Run 1 finished" in said[6]
    later = [orjson.loads(line) for line in (tmp_path / "round-2.jsonl").open("rb")]
    assert {row["generator"] for row in later} == {"run-1"}
    assert {row["problem"] for row in later} != {row["problem"] for row in rows}


def short_answers(*, asked: int, seed: int) -> list[str]:
    """The numbers that answer one of the problems that the seed draws."""
    answers = {record.problem: str(record.reference_answer) for record in generate(192)}
    drawn = sorted(answers, key=lambda text: md5(f"{problem_hash(text)}:{seed}".encode()).digest())
    found = {answers[text] for text in drawn[:asked]}
    return sorted(answer for answer in found if answer.isdecimal() and len(answer) < 4)
