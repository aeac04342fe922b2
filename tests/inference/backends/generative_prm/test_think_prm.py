"""ThinkPRM's form against a server that writes as the model does."""

from typing import Any

import pytest

from inference.backends.generative_prm.think_prm import ThinkPrmBackend, question, verdicts_of
from inference.backends.interface import Finding, Recipe, TraceText
from tests.inference.backends.chat.asking import TRACE, reachable
from tests.openai_server import Answer, OpenAIServer, completion, serving

__all__ = ["reachable"]
pytestmark = pytest.mark.usefixtures("reachable")

RIGHT, WRONG = "The step is \\boxed{correct}\n", "The step is \\boxed{incorrect}\n"


def backend(server: OpenAIServer, **parameters: Any) -> ThinkPrmBackend:
    known = {"endpoint": server.url, "patience": 0.0, **parameters}
    return ThinkPrmBackend(Recipe("think-prm", model="critic-7b", threshold=0.5, parameters=known))


def found(*texts: str, **fields: Any) -> Finding:
    parameters = {"samples": len(texts), "temperature": 0.4} if len(texts) > 1 else {}
    with serving(completion(*texts, **fields)) as server:
        (finding,) = backend(server, **parameters).judge([TRACE])
    return finding


def test_the_model_is_asked_as_it_was_trained():
    with serving(completion(RIGHT * 3)) as server:
        backend(server).judge([TRACE])
    (asked,) = server.asked
    user, begun = asked["messages"]
    assert user["content"] == question(TRACE)
    assert "[Solution]\n\nStep 1: 2 + 2 = 4.\nStep 2: 4 = 5.\nStep 3: So 5.\n\n" in user["content"]
    assert begun["role"] == "assistant"
    assert begun["content"].endswith("Let's verify step by step:")
    assert asked["continue_final_message"] is True
    assert asked["add_generation_prompt"] is False
    assert "Step 4:" in asked["stop"]
    assert asked["logprobs"] is True


@pytest.mark.parametrize(
    ("text", "error", "scores"),
    [
        (RIGHT * 3, -1, [1, 1, 1]),
        (RIGHT + WRONG + RIGHT, 1, [1, 0, 1]),
        (RIGHT + WRONG, 1, None),  # it may stop there
        (WRONG, 0, None),
        (RIGHT + "\\boxed{\\text{correct}} \\boxed{ Incorrect }", 2, [1, 1, 0]),
    ],
)
def test_verdicts_become_a_label_and_scores(text: str, error: int, scores: list | None):
    finding = found(text)
    assert (finding.earliest_error, finding.scores, finding.confidence) == (error, scores, None)
    assert finding.outputs[0].text == text


@pytest.mark.parametrize("text", ["", RIGHT, RIGHT * 2, RIGHT * 4, WRONG + RIGHT, "\\boxed{4}"])
def test_another_number_of_verdicts_than_steps_is_a_failure(text: str):
    finding = found(text)
    assert finding.failure == (
        "The number of verdicts in the model's text is not the number of steps."
    )
    assert finding.outputs[0].text == text


def test_steps_that_bring_their_number_along_are_not_numbered_twice():
    shown = question(TraceText("Q?", ["Step 1: a", "b", "Step 7: c"]))
    assert "Step 1: a\nStep 2: b\nStep 3: Step 7: c\n" in shown


def test_a_text_that_was_cut_off_says_so():
    assert "cut off" in found(RIGHT, finish_reason="length").failure


def test_samples_are_averaged_and_the_unreadable_left_out():
    finding = found(RIGHT + WRONG + RIGHT, RIGHT + WRONG, RIGHT * 3, "hm")
    assert finding.earliest_error == 1
    assert finding.scores == pytest.approx([1, 1 / 3, 1])
    assert finding.confidence == 0.5
    assert [output.label for output in finding.outputs] == [
        "correct incorrect correct", "correct incorrect", "correct correct correct", "",
    ]  # fmt: skip


def spelled(*tokens: tuple[str, dict[str, float]]) -> Answer:
    """Return a completion with log-probabilities: (token, the likeliest there)."""
    content = [
        {
            "token": token,
            "logprob": -0.1,
            "top_logprobs": [{"token": t, "logprob": lp} for t, lp in likeliest.items()],
        }
        for token, likeliest in tokens
    ]
    text = "".join(token for token, _ in tokens)
    return completion(text, logprobs={"content": content})


def test_scores_are_probabilities_where_the_endpoint_tells_them():
    sure = {"correct": -0.1053605, "in": -2.302585, "x": -9.0}  # 0.9 and 0.1
    answer = spelled(
        ("\\boxed{", {}), ("correct", sure), ("} \\boxed", {}),
        ("{in", {"{in": -0.2231436, "{correct": -1.609438}), ("correct} ", {}),  # 0.8 and 0.2
        ("\\boxed{", {}), ("c", {"c": -0.6931472, "incorrect": -0.6931472}), ("orrect}", {}),
    )  # fmt: skip
    with serving(answer) as server:
        (finding,) = backend(server).judge([TRACE])
    assert finding.scores == pytest.approx([0.9, 0.2, 0.5], abs=1e-6)
    assert finding.earliest_error == 1


def test_a_character_cut_in_two_by_tokens_moves_no_verdict():
    """Tokens show each half as a replacement character, the text shows the whole."""
    sure = {"correct": -0.1053605, "in": -2.302585}  # 0.9 and 0.1
    verdict = [("\\boxed{", {}), ("correct", sure), ("}", {})]
    answer = spelled(("\ufffd", {}), ("\ufffd", {}), *verdict * 3)
    answer.body["choices"][0]["message"]["content"] = "é" + "\\boxed{correct}" * 3
    with serving(answer) as server:
        (finding,) = backend(server).judge([TRACE])
    assert finding.scores == pytest.approx([0.9] * 3, abs=1e-6)


def test_tokens_with_other_verdicts_than_the_text_are_not_counted_in():
    answer = spelled(("\\boxed{", {}), ("correct", {"correct": -3.0, "in": -0.1}), ("}", {}))
    answer.body["choices"][0]["message"]["content"] = "\\boxed{correct}" * 3
    with serving(answer) as server:
        (finding,) = backend(server).judge([TRACE])
    assert finding.scores == [1, 1, 1]


def test_only_boxed_words_are_verdicts():
    assert verdicts_of("correct \\boxed{correct} \\boxed{3} \\boxed{incorrectly}") == [True]
