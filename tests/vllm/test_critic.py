"""A critic's model served by the worker itself: chat, samples and structured outputs."""

import json
import os
from pathlib import Path

import pytest

from inference.backends.critic.backend import CriticBackend
from inference.backends.interface import Recipe, TraceText
from tests.tiny_models import make_tokenizer
from tests.vllm.processes import engine_of

pytestmark = [pytest.mark.vllm, pytest.mark.usefixtures("vllm_folder")]
SERVED = {"serve": "vllm", "dtype": "float32", "max_model_len": 4096, "max_tokens": 60}
TRACES = [
    TraceText("What is 2 + 2?", ["2 + 2 = 4.", "4 = 5.", "So 5."][: number % 3 + 1])
    for number in range(12)
]


def critic(folder: Path, **parameters: object) -> CriticBackend:
    return CriticBackend(Recipe("critic", str(folder), parameters=SERVED | parameters))


@pytest.mark.parametrize("how", ["structured_outputs", "response_format"])
def test_structured_answers_name_a_step_or_none(tiny_language_model: Path, how: str):
    # A model that writes at random would hardly ever end its review.
    quote = make_tokenizer().convert_tokens_to_ids('"')
    likelier = {"logit_bias": {str(quote): 8}}
    backend = critic(tiny_language_model, structured=how, max_tokens=400, extra_body=likelier)
    found = backend.judge(TRACES)
    backend.close()
    assert [finding.failure for finding in found] == [""] * len(TRACES)
    for finding, trace in zip(found, TRACES, strict=True):
        (output,) = finding.outputs
        answer = json.loads(output.text)
        assert answer.keys() == {"critique", "paragraph"}
        assert finding.earliest_error == answer["paragraph"]
        assert -1 <= answer["paragraph"] < len(trace.steps)


def test_samples_are_drawn_together_and_greedy_ones_are_alike(tiny_language_model: Path):
    backend = critic(tiny_language_model, samples=4, temperature=1.0)
    (drawn,) = backend.judge(TRACES[:1])
    assert len({output.text for output in drawn.outputs}) == 4
    greedy = critic(tiny_language_model)
    first, again = greedy.judge(TRACES[:1]), greedy.judge(TRACES[:1])
    assert first[0].outputs[0].text == again[0].outputs[0].text
    assert len(drawn.outputs) == 4
    for each in (backend, greedy):
        each.close()


def test_scorers_of_one_model_share_its_server(tiny_language_model: Path):
    one = critic(tiny_language_model)
    engine = engine_of(os.getpid())
    one.close()
    other = critic(tiny_language_model, samples=2, temperature=0.7)
    assert engine_of(os.getpid()) == engine
    other.close()


def test_a_trace_past_the_context_says_so(tiny_language_model: Path):
    backend = critic(tiny_language_model)
    long, short = backend.judge([TraceText("Q", ["word " * 2000]), TRACES[0]])
    assert long.failure == "The trace and the answer's tokens don't fit the model's context."
    assert "context" not in short.failure
    backend.close()
