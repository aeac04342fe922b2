"""A critic against a server that says what an engine would."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from inference.backends.critic.prompts import DEFAULT, fill_template
from inference.backends.interface import BackendError, Finding, TraceText
from inference.shards.evaluate import evaluate_batch
from tests.inference.backends.chat.asking import TRACE, critic
from tests.openai_server import Answer, completion, refusal, serving

pytestmark = pytest.mark.usefixtures("reachable")


def found(*texts: str | None, finish_reason: str = "stop", **parameters: Any) -> Finding:
    with serving(completion(*texts, finish_reason=finish_reason)) as server:
        (finding,) = critic(server, **parameters).judge([TRACE])
    return finding


def voted(*texts: str | None, **parameters: Any) -> Finding:
    return found(*texts, samples=len(texts), temperature=1.0, **parameters)


def test_a_greedy_answer_becomes_a_finding():
    with serving(completion("Paragraph 1 is wrong. \\boxed{1}")) as server:
        (finding,) = critic(server).judge([TRACE])
    assert (finding.earliest_error, finding.confidence, finding.failure) == (1, None, "")
    assert finding.explanation == "Paragraph 1 is wrong. \\boxed{1}"
    (output,) = finding.outputs
    assert (output.text, output.label, output.finish_reason) == (finding.explanation, "1", "stop")
    assert (output.tokens_in, output.tokens_out, finding.tokens) == (100, 7, 107)
    assert server.asked == [
        {
            "model": "critic-7b",
            "messages": [{"role": "user", "content": fill_template(DEFAULT, TRACE)}],
            "temperature": 0.0,
            "top_p": 1.0,
            "max_tokens": 8192,
            "seed": 42,
            "n": 1,
        }
    ]


def test_the_options_are_what_is_asked():
    with serving(completion("\\boxed{-1}", "\\boxed{-1}")) as server:
        critic(
            server, samples=2, temperature=0.7, top_p=0.8, top_k=20, seed=7, max_tokens=0,
            system="Be strict.", prompt="{problem}|{tagged_response}",
            extra_body={"chat_template_kwargs": {"enable_thinking": False}},
        ).judge([TRACE])  # fmt: skip
    (asked,) = server.asked
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert asked["messages"][0]["content"] == "Be strict."
    assert asked["messages"][1]["content"].startswith("What is 2 + 2?|<paragraph_0>\n2 + 2 = 4.")
    assert (asked["n"], asked["temperature"], asked["top_p"], asked["top_k"]) == (2, 0.7, 0.8, 20)
    assert (asked["seed"], asked["chat_template_kwargs"]) == (7, {"enable_thinking": False})
    assert "max_tokens" not in asked


def test_a_vote_has_a_share_and_keeps_every_text():
    finding = voted("\\boxed{1}", "\\boxed{2}", "no box", "so \\boxed{2}")
    assert (finding.earliest_error, finding.confidence) == (2, 0.5)
    assert finding.explanation == "\\boxed{2}"
    assert [(o.sample, o.label) for o in finding.outputs] == [(0, "1"), (1, "2"), (2, ""), (3, "2")]
    assert finding.tokens == 128


def test_an_endpoint_that_gives_one_text_at_a_time_is_asked_again():
    with serving(completion("\\boxed{1}")) as server:
        (finding,) = critic(server, samples=3, temperature=1.0).judge([TRACE])
    assert [(asked["n"], asked["seed"]) for asked in server.asked] == [(3, 42), (2, 43), (1, 44)]
    assert (finding.confidence, len(finding.outputs), finding.tokens) == (1.0, 3, 321)


def test_an_endpoint_that_refuses_several_texts_is_asked_for_one_at_a_time():
    def one(asked: dict[str, Any]) -> Answer:
        return completion("\\boxed{1}") if asked["n"] == 1 else refusal(400, "n must be 1")

    with serving(one) as server:
        judge = critic(server, samples=3, temperature=1.0, concurrency=1)
        findings = judge.judge([TRACE, TRACE])
    assert [finding.confidence for finding in findings] == [1.0, 1.0]
    assert [asked["n"] for asked in server.asked].count(3) <= 2
    assert [asked["seed"] for asked in server.asked if asked["n"] == 1].count(44) == 2


def test_a_refusal_for_another_reason_is_told_as_it_is():
    with serving(refusal(400, "no such template")) as server:
        with pytest.raises(BackendError, match="no such template"):
            critic(server, samples=3, temperature=1.0).judge([TRACE])
        assert [asked["n"] for asked in server.asked] == [3, 1]


@pytest.mark.parametrize(
    ("text", "parse", "expected", "failure"),
    [
        (
            "\\boxed{\\text{-1}}",
            "paper",
            None,
            "What the model put into the \\boxed{} is no number.",
        ),
        ("\\boxed{\\text{-1}}", "tolerant", -1, ""),
        ("\\boxed{3}", "paper", None, "The model named a paragraph that the trace does not have."),
        (
            "\\boxed{-2}",
            "tolerant",
            None,
            "The model named a paragraph that the trace does not have.",
        ),
        ("Paragraph 1.", "tolerant", None, "The model's answer has no \\boxed{} with a number."),
        ("  ", "paper", None, "The model's answer is empty."),
        (None, "paper", None, "The model's answer is empty."),
        ("\\boxed{0}", "paper", 0, ""),
    ],
)
def test_an_answer_is_a_label_or_a_reason(
    text: str | None, parse: str, expected: int | None, failure: str
):
    finding = found(text, parse=parse)
    assert (finding.earliest_error, finding.failure) == (expected, failure)
    assert [output.text for output in finding.outputs] == [text or ""]


def test_an_answer_that_was_cut_off_says_so_and_one_that_made_it_counts():
    cut = found("First, I", finish_reason="length")
    assert cut.failure == (
        "The model's answer was cut off for its length before it named a paragraph."
    )
    assert found("\\boxed{2} and", finish_reason="length").earliest_error == 2


def test_thinking_is_kept_and_not_parsed():
    message = {"role": "assistant", "content": "\\boxed{1}", "reasoning_content": "\\boxed{2}?"}
    answer = Answer({"choices": [{"message": message, "finish_reason": "stop"}]})
    with serving(answer) as server:
        (finding,) = critic(server).judge([TRACE])
    assert finding.earliest_error == 1
    assert finding.outputs[0].text == "\\boxed{2}?\n\n\\boxed{1}"
    assert finding.tokens == 0


@pytest.mark.parametrize("how", ["response_format", "structured_outputs"])
def test_structured_output_is_asked_for_and_read(how: str):
    said = json.dumps({"critique": "4 is not 5.", "paragraph": 1})
    with serving(completion(said)) as server:
        (finding,) = critic(server, structured=how).judge([TRACE])
    assert (finding.earliest_error, finding.explanation) == (1, "4 is not 5.")
    (asked,) = server.asked
    shape = asked[how]
    schema = shape["json"] if how == "structured_outputs" else shape["json_schema"]["schema"]
    assert schema["properties"]["paragraph"]["enum"] == [-1, 0, 1, 2]
    assert "JSON" in asked["messages"][0]["content"]


@pytest.mark.parametrize("text", ['{"critique": "half', "\\boxed{1}", "[1]", '{"paragraph": true}'])
def test_structured_output_that_is_none_is_a_failure(text: str):
    finding = found(text, structured="response_format")
    assert finding.failure == "The model's answer has no JSON object with a number."


def by_problem(answers: dict[str, Answer]) -> Callable[[dict[str, Any]], Answer]:
    def reply(asked: dict[str, Any]) -> Answer:
        question = asked["messages"][0]["content"]
        return next(answer for problem, answer in answers.items() if problem in question)

    return reply


LONG = refusal(400, "This model's maximum context length is 10 tokens")
TRACES = [TraceText(problem, ["a", "b"]) for problem in ("alpha", "beta", "gamma")]


@pytest.mark.parametrize(
    ("bad", "failure"),
    [
        (LONG, "The trace and the answer's tokens don't fit the model's context."),
        (refusal(500, "x"), "answers with status 500"),
        (refusal(400, "odd"), "refuses the request (status 400): “odd”."),
        (Answer({}, hang=1.0), "gave no answer in 0.3 seconds."),
    ],
)
def test_a_trace_without_an_answer_fails_alone(bad: Answer, failure: str):
    answers = {"alpha": completion("\\boxed{0}"), "beta": bad, "gamma": completion("\\boxed{-1}")}
    with serving(by_problem(answers)) as server:
        findings = evaluate_batch(critic(server, timeout=0.3), TRACES)
    assert [finding.earliest_error for finding in findings] == [0, None, -1]
    assert failure in findings[1].failure


@pytest.mark.parametrize(
    "bad", [refusal(500, "x"), refusal(400, "odd"), Answer("<html>", content_type="text/html")]
)
def test_an_endpoint_that_answers_nobody_stops_the_shard(bad: Answer):
    with serving(bad) as server:
        backend = critic(server)
        with pytest.raises(BackendError, match="The endpoint"):
            backend.judge(TRACES)


def test_traces_that_are_all_too_long_are_failures():
    with serving(LONG) as server:
        findings = critic(server).judge(TRACES)
    assert {finding.earliest_error for finding in findings} == {None}


def test_an_endpoint_that_dies_in_the_middle_stops_the_shard():
    answers = {"alpha": completion("\\boxed{0}"), "beta": refusal(401, "x")}
    answers["gamma"] = answers["alpha"]
    with serving(by_problem(answers)) as server, pytest.raises(BackendError, match="key"):
        critic(server).judge(TRACES)


def test_a_problems_traces_are_asked_one_after_the_other_and_answered_in_order():
    traces = [TraceText(problem, ["a", "b"]) for problem in ("alpha", "beta") * 3]
    answers = {"alpha": completion("\\boxed{0}"), "beta": completion("\\boxed{1}")}
    with serving(by_problem(answers)) as server:
        findings = critic(server, concurrency=1).judge(traces)
    asked = ["alpha" in body["messages"][0]["content"] for body in server.asked]
    assert asked == [True] * 3 + [False] * 3
    assert [finding.earliest_error for finding in findings] == [0, 1] * 3


def test_no_traces_are_no_findings():
    with serving(completion("x")) as server:
        assert critic(server).judge([]) == []
