"""GenPRM's form against a server that writes as the model does."""

from collections.abc import Callable
from typing import Any

import pytest

from inference.backends.generative_prm.gen_prm import ANALYSIS, JUDGEMENT, SYSTEM, GenPrmBackend
from inference.backends.interface import Finding, Recipe, TraceText
from tests.inference.backends.chat.asking import TRACE, reachable
from tests.openai_server import Answer, OpenAIServer, completion, refusal, serving

__all__ = ["reachable"]
pytestmark = pytest.mark.usefixtures("reachable")


def backend(server: OpenAIServer, **parameters: Any) -> GenPrmBackend:
    known = {"endpoint": server.url, "patience": 0.0, **parameters}
    return GenPrmBackend(Recipe("gen-prm", model="critic-7b", threshold=0.5, parameters=known))


def writer(judgements: list[str]) -> Callable[[dict[str, Any]], Answer]:
    """Analyses alike, and judges each step as told."""

    def reply(asked: dict[str, Any]) -> Answer:
        if not asked["messages"][-1]["content"].endswith(JUDGEMENT):
            return completion(*["It adds up.\n"] * asked["n"])
        step = (len(asked["messages"]) - 3) // 2
        return completion(judgements[step])

    return reply


def judged(*judgements: str, trace: TraceText = TRACE, **parameters: Any) -> Finding:
    with serving(writer(list(judgements))) as server:
        (finding,) = backend(server, **parameters).judge([trace])
    return finding


def test_a_trace_is_a_conversation_with_begun_turns():
    with serving(writer(["{Yes}$\n", "{No}$\n", "{Yes}$\n"])) as server:
        (finding,) = backend(server).judge([TRACE])
    assert (finding.earliest_error, finding.scores) == (1, [1, 0, 1])
    assert len(server.asked) == 6
    first, second, third = (body["messages"] for body in server.asked[:3])
    assert first[0] == {"role": "system", "content": SYSTEM}
    assert first[1] == {"role": "user", "content": "What is 2 + 2?\n2 + 2 = 4."}
    assert first[2]["content"] == ANALYSIS.format(number=1)
    turn = ANALYSIS.format(number=1) + "It adds up.\n</analyze>\n" + JUDGEMENT
    assert second[2]["content"] == turn
    assert third[2]["content"] == turn + "{Yes}$\n</output>\n"
    assert third[3] == {"role": "user", "content": "4 = 5."}
    assert all(body["continue_final_message"] for body in server.asked)
    assert [body["stop"] for body in server.asked[:2]] == [["</analyze>\n"], ["</output>\n"]]
    assert [body["max_tokens"] for body in server.asked[:2]] == [2048, 20]


def test_no_program_is_asked_for_or_run():
    with serving(writer(["{Yes}$\n"] * 3)) as server:
        backend(server).judge([TRACE])
    said = [m["content"] for body in server.asked for m in body["messages"]]
    assert not any("python" in text or "<verify>" in text for text in said)


def test_every_turn_is_kept_with_its_step_and_label():
    finding = judged("{Yes}$\n", "{\\text{No}}$\n", "{yes}$\n")
    assert [(o.step, o.sample, o.label) for o in finding.outputs] == [
        (0, 0, "Yes"), (1, 0, "No"), (2, 0, "yes"),
    ]  # fmt: skip
    assert finding.outputs[0].text.startswith("<analyze>\nLet's analyze the Paragraph 1")
    assert finding.tokens == 6 * 107


def test_samples_are_averaged():
    finding = judged("{Yes}$\n", "{No}$\n", "{Yes}$\n", samples=2)
    assert (finding.earliest_error, finding.scores, finding.confidence) == (1, [1, 0, 1], 1.0)
    assert len(finding.outputs) == 6


@pytest.mark.parametrize("odd", ["", "{Maybe}$", "Yes", "{4}$"])
def test_a_step_without_a_judgement_is_a_failure(odd: str):
    finding = judged("{Yes}$", odd, "{Yes}$")
    assert finding.failure == "The model judged a step with neither Yes nor No."
    assert len(finding.outputs) == 3


def test_a_score_is_the_probability_of_yes():
    likeliest = [("Yes", -0.2231436), ("No", -1.609438), ("Y", -20.0)]
    tops = [{"token": token, "logprob": logprob} for token, logprob in likeliest]
    content = [
        {"token": "{", "logprob": 0.0, "top_logprobs": []},
        {"token": "Yes", "logprob": -0.2, "top_logprobs": tops},
        {"token": "}$", "logprob": 0.0, "top_logprobs": []},
    ]

    def reply(asked: dict[str, Any]) -> Answer:
        if "logprobs" not in asked:
            return completion("Fine.")
        return completion("{Yes}$", logprobs={"content": content})

    with serving(reply) as server:
        (finding,) = backend(server).judge([TRACE])
    assert finding.scores == pytest.approx([0.8] * 3, abs=1e-6)


def test_a_trace_that_outgrows_the_context_fails_alone():
    def reply(asked: dict[str, Any]) -> Answer:
        if len(asked["messages"]) > 6:
            return refusal(400, "This model's maximum context length is 10 tokens")
        return writer(["{Yes}$"] * 9)(asked)

    with serving(reply) as server:
        long, short = backend(server).judge([TRACE, TraceText("What?", ["4.", "5."])])
    assert "don't fit the model's context" in long.failure
    assert short.earliest_error == -1
