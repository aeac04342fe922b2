"""NFT's examples: where the loss is, stored tokens and probabilities, and refused rollouts."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from tests.training.tiny import make_base, rollout_rows, write_export
from training.jobs import nft
from training.jobs.batches import IGNORE, Example, collate
from training.jobs.errors import JobError
from training.jobs.files import write_run
from training.jobs.job_settings import NftSettings
from training.jobs.nft import NftJob, labelled_logprobs
from training.jobs.runner import run


def rollout(**response):
    prompt = [{"role": "user", "content": "What is 2 + 3?"}]
    return {"prompt": prompt, "r_q": 0.5, "responses": [{"reward": 1, **response}]}


def examples_of(tokenizer, rows, **settings):
    return list(NftJob(NftSettings(base="x", **settings)).examples(rows, tokenizer))


def test_the_loss_is_on_the_response_and_its_end_token(tokenizer):
    (example,) = examples_of(tokenizer, [rollout(text="It is 5.")])
    response = [
        token for token, label in zip(example.ids, example.labels, strict=True) if label != IGNORE
    ]
    assert tokenizer.decode(response[:-1]) == "It is 5."
    assert response[-1] == tokenizer.eos_token_id
    prompt = tokenizer.decode(example.ids[: -len(response)], skip_special_tokens=True)
    assert prompt.endswith("What is 2 + 3?\n") or "<|im_end|>" not in prompt
    assert set(example.labels[: -len(response)]) == {IGNORE}


def test_stored_tokens_and_log_probabilities_are_used_unchanged(tokenizer):
    text = tokenizer.decode([70, 71, 72])
    row = rollout(text=text, token_ids=[70, 71, 72], old_logprobs=[-0.5, -0.25, -0.125])
    (example,) = examples_of(tokenizer, [row])
    assert example.ids[-3:] == [70, 71, 72]
    batch = collate([example], pad=0, device=torch.device("cpu"))
    assert batch.old_logprobs[0, -3:].tolist() == [-0.5, -0.25, -0.125]
    assert batch.old_logprobs[0, :-3].abs().sum() == 0


def test_groups_that_are_all_correct_or_all_wrong_are_left_out(tokenizer):
    rows = [{**rollout(text="5"), "r_q": rate} for rate in (0.0, 1.0, 0.5)]
    assert len(examples_of(tokenizer, rows)) == 1


def test_tokens_of_another_tokenizer_are_refused(tokenizer):
    text = tokenizer.decode([70, 71, 72])
    other = rollout(text=text, token_ids=[73, 74, 75])
    with pytest.raises(JobError, match="do not decode to their texts with the tokenizer of x"):
        examples_of(tokenizer, [other])
    beyond = rollout(text=text, token_ids=[70, len(tokenizer)])
    with pytest.raises(JobError, match=f"token {len(tokenizer)}, but"):
        examples_of(tokenizer, [beyond])


@pytest.mark.parametrize(
    ("response", "message"),
    [
        ({"text": "5", "reward": 2}, "no reward of 0 or 1"),
        ({}, "no usable field 'text'"),
    ],
)
def test_a_response_that_can_not_be_used_is_refused(tokenizer, response, message):
    with pytest.raises(JobError, match=message):
        examples_of(tokenizer, [rollout(**response)])


def test_another_number_of_log_probabilities_is_refused(tokenizer):
    row = rollout(text=tokenizer.decode([70]), token_ids=[70], old_logprobs=[-1.0, -2.0])
    with pytest.raises(JobError, match="2 log-probabilities for 1 tokens"):
        examples_of(tokenizer, [row])


def test_rollouts_at_several_temperatures_are_refused(tokenizer):
    rows = [
        {**rollout(text="5"), "policy": {"temperature": temperature}} for temperature in (1.0, 0.6)
    ]
    with pytest.raises(JobError, match=r"at the temperatures 1 and 0\.6"):
        examples_of(tokenizer, rows)
    assert len(examples_of(tokenizer, rows, temperature=0.8)) == 2


def test_batches_have_no_more_tokens_than_fit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(nft, "MAX_BATCH_TOKENS", 20)
    monkeypatch.setattr(nft, "MAX_BATCH_SEQUENCES", 3)
    lengths = [2, 2, 2, 2, 9, 9, 30, 1]
    examples = [Example([1] * length, [1] * length) for length in lengths]
    batches = [[len(example.ids) for example in batch] for batch in nft._batches(examples)]
    assert batches == [[2, 2, 2], [2, 9], [9], [30], [1]]


def test_labelled_log_probabilities_are_the_models(tmp_path: Path):
    model = AutoModelForCausalLM.from_pretrained(make_base(tmp_path / "base"))
    examples = [Example([5, 6, 7, 8], [IGNORE, IGNORE, 7, 8]), Example([9, 10], [IGNORE, 10])]
    values = labelled_logprobs(model, examples, pad=2, temperature=0.5)
    assert [len(row) for row in values] == [2, 1]
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([[5, 6, 7, 8]])).logits[0] / 0.5
    expected = logits.log_softmax(-1)[[1, 2], [7, 8]].tolist()
    assert values[0] == pytest.approx(expected, abs=1e-5)


def test_probabilities_that_nft_compares_are_computed_in_one_type(tmp_path: Path):
    """The first update of the base's own rollouts has a ratio of 1, in bfloat16 too."""
    export = write_export(tmp_path / "export", "nft-rollouts", rollout_rows())
    base = make_base(tmp_path / "base")
    values = {"base": str(base), "dtype": "bfloat16", "batch_size": 12, "steps": 1}
    write_run(tmp_path / "run", job="nft", export=export, settings=values)
    ratios = []
    loss = nft.nft_loss.loss

    def recorded(rollouts: Any, settings: Any) -> torch.Tensor:
        ratios.append((rollouts.logprobs - rollouts.old_logprobs).abs().max().item())
        return loss(rollouts, settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nft.nft_loss, "loss", recorded)
        run(tmp_path / "run")
    assert ratios == [pytest.approx(0, abs=1e-6)]
