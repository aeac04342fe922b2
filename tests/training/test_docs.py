"""The commands of docs/training.md, run with a tiny model."""

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
TEST_VARIABLES = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MISSTEP_TEST_SESSION"}
# So that a test takes a minute, a tiny model replaces this one, and 8 problems with 8 attempts
# replace 32 with 16.
MODEL = "Qwen/Qwen2.5-0.5B"
SMALLER = {"32": "8", "16": "8"}


def blocks() -> list[list[list[str]]]:
    """Return the words of each command, by block."""
    text = (ROOT / "docs/training.md").read_text()
    matches = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    return [[shlex.split(line) for line in block.splitlines()] for block in matches]


def run(commands: list[list[str]], folder: Path, base: Path) -> list[str]:
    """Run the commands in a new folder and return the output of each."""
    environment = {k: v for k, v in os.environ.items() if k not in TEST_VARIABLES}
    environment["MISSTEP_HOME"] = str(folder / ".misstep")  # the default location
    outputs = []
    for words in commands:
        assert words[0] == "misstep"
        arguments = [str(base) if word == MODEL else SMALLER.get(word, word) for word in words[1:]]
        process = subprocess.run(
            [sys.executable, "-m", "misstep.cli", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, f"{' '.join(words)}\n{process.stdout}\n{process.stderr}"
        outputs.append(process.stdout)
    return outputs


@pytest.mark.timeout(1200)
def test_training_a_process_reward_model_works_as_documented(tmp_path: Path):
    commands, _ = blocks()
    outputs = run(commands, tmp_path, make_base(tmp_path / "base", context=1024))
    _, _, _, train, score, leaderboard = outputs
    assert "Run 1 finished after 20 updates" in train
    assert "my-prm is ready to score traces." in train
    assert "60 of 60 traces judged" in score
    assert "my-prm" in leaderboard


@pytest.mark.timeout(1200)
def test_training_a_policy_on_its_own_attempts_works_as_documented(tmp_path: Path):
    _, commands = blocks()
    # A policy that can't calculate: after any prompt it gives an answer that is correct for some.
    base = make_base(tmp_path / "base", context=1024)
    teach(base, [f"{BOXED}\n{answer}" for answer in short_answers(count=8, seed=1)])
    outputs = run(commands, tmp_path, base)
    rows = [orjson.loads(line) for line in (tmp_path / "round-1.jsonl").open("rb")]
    assert len(rows) == 8 * 8
    assert "64 of 64 traces judged" in outputs[4]
    # Some problems have correct and wrong attempts, which the policy can learn from.
    assert 1 <= int(outputs[5].split()[0]) < 8
    assert "Run 1 finished" in outputs[6]
    later = [orjson.loads(line) for line in (tmp_path / "round-2.jsonl").open("rb")]
    assert {row["generator"] for row in later} == {"run-1"}
    assert {row["problem"] for row in later} != {row["problem"] for row in rows}


def short_answers(*, count: int, seed: int) -> list[str]:
    """Return the short numeric answers of the problems that the seed samples."""
    answers = {record.problem: str(record.reference_answer) for record in generate(192)}
    drawn = sorted(answers, key=lambda text: md5(f"{problem_hash(text)}:{seed}".encode()).digest())
    sampled = {answers[text] for text in drawn[:count]}
    return sorted(answer for answer in sampled if answer.isdecimal() and len(answer) < 4)
