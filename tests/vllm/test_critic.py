"""A critic's model served by the worker itself: chat, samples and structured outputs."""

import os
from pathlib import Path

import pytest

from inference.backends.base import Recipe, TraceText
from inference.backends.critic.critic import CriticBackend
from tests.vllm.processes import engine_of

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(600), pytest.mark.usefixtures("vllm_folder")]
SERVED = {"serve": "vllm", "dtype": "float32", "max_model_len": 4096, "max_tokens": 60}
TRACES = [
    TraceText("What is 2 + 2?", ["2 + 2 = 4.", "4 = 5.", "So 5."][: number % 3 + 1])
    for number in range(12)
]


def critic(folder: Path, **parameters: object) -> CriticBackend:
    return CriticBackend(Recipe("critic", str(folder), parameters=SERVED | parameters))


@pytest.mark.parametrize("how", ["structured_outputs", "response_format"])
def test_structured_answers_name_a_step_or_none(tiny_language_model: Path, how: str):
    backend = critic(tiny_language_model, structured=how, max_tokens=400)
    found = backend.judge(TRACES)
    usable = [f for f in found if not f.failure]
    assert usable
    for finding, trace in zip(found, TRACES, strict=True):
        assert finding.earliest_error is None or -1 <= finding.earliest_error < len(trace.steps)
        (output,) = finding.outputs
        assert output.text.startswith('{"critique":')
    assert all(f.failure.startswith("The model's answer was cut off") for f in found if f.failure)
    backend.close()


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
