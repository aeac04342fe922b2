from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from tests.training.tiny import make_base
from training.jobs.batches import IGNORE, Batch, Example, collate
from training.jobs.likelihood import LanguageModellingLoss, token_logprobs

EXAMPLES = [Example([5, 6, 7, 8], [5, IGNORE, 7, 8]), Example([9, 10], [IGNORE, 10])]


@pytest.fixture
def model(tmp_path: Path) -> torch.nn.Module:
    return AutoModelForCausalLM.from_pretrained(make_base(tmp_path / "base")).eval()


def batch() -> Batch:
    return collate(EXAMPLES, pad=2, device=torch.device("cpu"))


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_log_probabilities_are_at_the_positions_of_labelled_tokens(model, temperature):
    with torch.no_grad():
        logprobs, mask = token_logprobs(model, batch(), temperature=temperature)
        assert mask.tolist() == [[0, 0, 1, 1], [0, 1, 0, 0]]
        assert logprobs[~mask.bool()].abs().sum() == 0
        for row, example in enumerate(EXAMPLES):
            logits = model(input_ids=torch.tensor([example.ids])).logits[0] / temperature
            for index in range(1, len(example.ids)):
                if mask[row, index]:
                    expected = logits[index - 1].log_softmax(-1)[example.ids[index]].item()
                    assert logprobs[row, index].item() == pytest.approx(expected, abs=1e-5)


def test_the_loss_is_the_mean_surprisal(model):
    loss = LanguageModellingLoss()
    assert loss.weight(batch()) == 3
    with torch.no_grad():
        logprobs, _ = token_logprobs(model, batch())
        assert loss.total(model, batch()).item() == pytest.approx(-logprobs.sum().item())
