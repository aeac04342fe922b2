"""Where the labels of a process reward model are, on the output of real tokenizers."""

import pytest
import torch

from tests.training.tiny import make_base, step_rows
from training.jobs.batches import IGNORE, Example, collate
from training.jobs.errors import JobError
from training.jobs.job_settings import PrmSettings
from training.jobs.model_loading import load_step_classifier
from training.jobs.prm import PrmJob, StepLabelLoss

ROW = {
    "prompt": "What is 2 + 3, doubled?",
    "completions": ["2 + 3 = 5.", "Doubled,\nthat is 11.", "So 11."],
    "labels": [True, False, None],
}


def example_of(tokenizer, **settings):
    job = PrmJob(PrmSettings(base="x", **settings))
    (example,) = job.examples([ROW], tokenizer)
    return example


@pytest.mark.parametrize("separator", ["\n", "\n\n", " ки"])
def test_labels_are_on_the_last_token_of_each_separator(tokenizer, separator):
    example = example_of(tokenizer, separator=separator)
    labelled = [index for index, label in enumerate(example.labels) if label != IGNORE]
    assert [example.labels[index] for index in labelled] == [1, 0]
    texts = [tokenizer.decode(example.ids[: index + 1]) for index in labelled]
    start = tokenizer.bos_token or ""
    first = start + ROW["prompt"] + ROW["completions"][0] + separator
    assert texts == [first, first + ROW["completions"][1] + separator]


def test_prompt_and_steps_are_complete(tokenizer):
    example = example_of(tokenizer)
    text = tokenizer.decode(example.ids, skip_special_tokens=True)
    assert text == ROW["prompt"] + "".join(step + "\n" for step in ROW["completions"])


def test_last_step_only_labels_only_the_last_step(tokenizer):
    row = {**ROW, "labels": [True, True, False]}
    job = PrmJob(PrmSettings(base="x", last_step_only=True))
    (example,) = job.examples([row], tokenizer)
    assert [label for label in example.labels if label != IGNORE] == [0]
    assert example.labels[-1] == 0


def test_a_long_trace_loses_only_its_last_steps(tokenizer):
    complete = example_of(tokenizer)
    first = complete.labels.index(1)
    truncated = example_of(tokenizer, max_tokens=first + 1)
    assert truncated.ids == complete.ids[: first + 1]
    assert truncated.labels == complete.labels[: first + 1]


def test_a_row_with_another_number_of_labels_is_refused(tokenizer):
    job = PrmJob(PrmSettings(base="x"))
    with pytest.raises(JobError, match="2 labels for 3 steps"):
        list(job.examples([{**ROW, "labels": [True, False]}], tokenizer))


def test_tokens_are_those_of_trl(tokenizer):
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


def test_the_loss_is_the_cross_entropy_of_the_labelled_steps(tmp_path):
    settings = PrmSettings(base=str(make_base(tmp_path / "base")), device="cpu")
    model = load_step_classifier(settings).eval()
    examples = [Example([5, 6, 7], [IGNORE, 1, 0]), Example([8, 9], [IGNORE, 1])]
    batch = collate(examples, pad=2, device=torch.device("cpu"))
    loss = StepLabelLoss()
    assert loss.weight(batch) == 3
    with torch.no_grad():
        expected = 0.0
        for example in examples:
            logprobs = model(input_ids=torch.tensor([example.ids])).logits[0].log_softmax(-1)
            for index, label in enumerate(example.labels):
                if label != IGNORE:
                    expected -= logprobs[index, label].item()
        assert loss.total(model, batch).item() == pytest.approx(expected, rel=1e-5)
