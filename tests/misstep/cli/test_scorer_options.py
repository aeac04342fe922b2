"""Scorers made on the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from inference.errors import ScoringRefused
from inference.scorers.registry import builtin_scorer
from misstep.cli.scorer_options import add_recipe_options, scorer_of

pytestmark = pytest.mark.django_db

CRITIC = ["--scorer", "critic-a", "--backend", "critic", "--model", "qwen"]
ENDPOINT = ["--set", "endpoint=http://gpu-1:8000/v1"]


def options(*words: str) -> dict[str, Any]:
    parser = ArgumentParser()
    add_recipe_options(parser)
    return vars(parser.parse_args(words))


def test_a_scorer_is_found_by_its_name():
    assert scorer_of(options("--scorer", "arithmetic")) == builtin_scorer("arithmetic")


def test_a_critic_is_made_with_its_parameters_and_its_prompt_to_the_byte(tmp_path: Path):
    prompt = tmp_path / "prompt.txt"
    prompt.write_bytes(b"{problem}\r\n{tagged_response}")
    given = options(
        *CRITIC, *ENDPOINT, "--set", "samples=8", "--set", "temperature=1", "--set",
        'extra_body={"a": 1}', "--set", "parse=tolerant", "--prompt", str(prompt),
    )  # fmt: skip
    scorer = scorer_of(given)
    found = scorer.parameters
    assert (found["samples"], found["temperature"], found["parse"]) == (8, 1.0, "tolerant")
    assert found["extra_body"] == {"a": 1}
    assert found["prompt"] == "{problem}\r\n{tagged_response}"
    assert scorer_of(given) == scorer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*CRITIC, "--set", "samples"], "use NAME=VALUE"),
        (["--scorer", "arithmetic", "--set", "samples=8"], "need --model"),
        ([*CRITIC, *ENDPOINT, "--prompt", "/nowhere/prompt.txt"], "can't be read"),
    ],
)
def test_options_that_cannot_be_read_are_a_sentence(words: list[str], said: str):
    with pytest.raises(CommandError, match=said):
        scorer_of(options(*words))


def test_a_parameter_that_cannot_be_is_refused():
    with pytest.raises(ScoringRefused, match="unknown field `speed`"):
        scorer_of(options(*CRITIC, *ENDPOINT, "--set", "speed=1"))
