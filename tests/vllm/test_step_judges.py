"""Judges step by step on a real engine: turns begun for the model, stops, log-probabilities."""

from pathlib import Path

import pytest

from inference.backends.chat.client import Session
from inference.backends.chat.replies import Choice
from inference.backends.chat.text_sampling import sample_texts, start_conversation
from inference.backends.generative_prm.gen_prm import ANALYSIS, JUDGEMENT, GenPrmBackend
from inference.backends.generative_prm.think_prm import ThinkPrmBackend
from inference.backends.interface import Finding, Recipe, TraceText

pytestmark = [pytest.mark.vllm, pytest.mark.usefixtures("vllm_folder")]
SERVED = {"serve": "vllm", "dtype": "float32", "max_model_len": 4096, "max_tokens": 40}
TRACE = TraceText("What is 2 + 2?", ["2 + 2 = 4.", "4 = 5."])


def test_gen_prm_goes_on_with_the_turns_begun_for_it(tiny_language_model: Path):
    backend = GenPrmBackend(
        Recipe("gen-prm", str(tiny_language_model), parameters=SERVED | {"samples": 2})
    )
    (finding,) = backend.judge([TRACE])
    backend.close()
    assert [(output.step, output.sample) for output in finding.outputs] == [
        (0, 0), (0, 1), (1, 0), (1, 1),
    ]  # fmt: skip
    for output in finding.outputs:
        assert output.text.startswith(ANALYSIS.format(number=(output.step or 0) + 1))
        assert output.text.count(JUDGEMENT) == 1
        assert 0 < output.tokens_out <= 20
    # A model that writes at random says neither Yes nor No.
    assert finding.failure == "The model judged a step with neither Yes nor No."


def test_think_prm_goes_on_and_its_tokens_spell_its_text(tiny_language_model: Path):
    backend = ThinkPrmBackend(Recipe("think-prm", str(tiny_language_model), parameters=SERVED))
    (finding,) = backend.judge([TRACE])
    (output,) = finding.outputs
    assert output.text
    assert finding.earliest_error is None

    drawn: list[Choice] = []

    async def evaluate(session: Session, trace: TraceText) -> Finding:
        more = {"logprobs": True, "top_logprobs": 5}
        asked = start_conversation(backend.options, trace.problem)
        drawn.extend((await sample_texts(session, backend.options, asked, more=more)).choices)
        return Finding(-1)

    backend.endpoint.evaluate_all([TRACE], evaluate)
    backend.close()
    (choice,) = drawn
    assert len(choice.tokens) == choice.tokens_out == 40
    assert {len(token.likeliest) for token in choice.tokens} == {5}
    ascii_text = "".join(c for c in choice.text if c.isascii() and c.isprintable())
    spelled = "".join(c for c in choice.token_text if c.isascii() and c.isprintable())
    assert spelled == ascii_text
