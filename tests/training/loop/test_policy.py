"""The untrained policy: its tokenizer and its weights."""

from pathlib import Path

from transformers import AutoModelForCausalLM

from tests.training.loop.attempts import PROBLEMS
from training.loop.policy import TAGS, make_policy, make_tokenizer


def test_the_tokenizer_has_a_token_per_character_tag_and_break():
    tokenizer = make_tokenizer()
    problem = PROBLEMS[0]
    text = f"{problem.text}\n{TAGS[0]}\n" + "\n\n".join(problem.steps)
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids) == text
    assert len(ids) == len(problem.text) + 3 + sum(map(len, problem.steps)) + 2


def test_the_seed_decides_the_weights(tmp_path: Path):
    first, again, other = (
        AutoModelForCausalLM.from_pretrained(make_policy(tmp_path / name, seed=seed))
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    weights = [model.state_dict()["model.embed_tokens.weight"] for model in (first, again, other)]
    assert weights[0].equal(weights[1])
    assert not weights[0].equal(weights[2])
    assert 90_000 < first.num_parameters() < 120_000
