"""Judges step by step on a real engine: turns begun for the model, stops, log-probabilities."""

import asyncio
from pathlib import Path

import pytest

from inference.backends.base import Recipe, TraceText
from inference.backends.chat.client import Client
from inference.backends.chat.drawing import draw, opened
from inference.backends.chat.spelled import certainty
from inference.backends.gen_prm import ANALYSIS, JUDGEMENT, GenPrmBackend
from inference.backends.think_prm import ThinkPrmBackend

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(600), pytest.mark.usefixtures("vllm_folder")]
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

    def ask(client: Client) -> None:
        async def run() -> None:
            async with client.session() as session:
                more = {"logprobs": True, "top_logprobs": 5}
                reply = await draw(session, client.options, opened(client.options, "Q"), more=more)
                (choice,) = reply.choices
                first = choice.spelling[0]
                assert choice.text.startswith(first.text)
                assert len(first.likeliest) == 5
                one, two = (text for text, _ in first.likeliest[:2])
                assert certainty(choice, 0, right=one.lower(), wrong=two.lower()) is not None

        asyncio.run(run())

    with backend.asked._server.in_use() as address:
        from inference.backends.chat.asked import local_endpoint

        ask(Client(backend.options, str(tiny_language_model), local_endpoint(address), address.key))
    backend.close()
