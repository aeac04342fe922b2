"""Sampling texts from endpoints that give several at once, fewer, or one."""

import asyncio

from inference.backends.chat.client import Session
from inference.backends.chat.options import ChatOptions
from inference.backends.chat.replies import Choice, Reply
from inference.backends.chat.text_sampling import (
    output_of,
    request_body,
    sample_texts,
    start_conversation,
)
from tests.inference.backends.chat.asking import client_of
from tests.openai_server import Answer, OpenAIServer, completion, refusal, serving


def drawn(server: OpenAIServer, count: int) -> Reply:
    client = client_of(server, samples=count, temperature=1.0)

    async def ask() -> Reply:
        async with client.session() as session:
            return await sample(session)

    async def sample(session: Session) -> Reply:
        messages = start_conversation(client.options, "q")  # type: ignore[arg-type]
        return await sample_texts(session, client.options, messages, count=count)  # type: ignore[arg-type]

    return asyncio.run(ask())


def test_all_texts_come_with_one_request(reachable: None):
    with serving(completion("a", "b", "c")) as server:
        reply = drawn(server, 3)
    assert [choice.text for choice in reply.choices] == ["a", "b", "c"]
    assert [body["n"] for body in server.asked] == [3]


def test_an_endpoint_that_refuses_several_is_asked_one_by_one(reachable: None):
    def answer(body: dict) -> Answer:
        return completion("x") if body["n"] == 1 else refusal(400, "n must be 1")

    with serving(answer) as server:
        reply = drawn(server, 3)
    assert len(reply.choices) == 3
    assert [(body["n"], body["seed"]) for body in server.asked] == [
        (3, 42),
        (1, 42),
        (1, 43),
        (1, 44),
    ]
    assert reply.tokens == 3 * 107


def test_a_conversation_begins_with_the_system_prompt_if_any():
    question = {"role": "user", "content": "q"}
    assert start_conversation(ChatOptions(), "q") == [question]
    opened = start_conversation(ChatOptions(system="s"), "q")
    assert opened == [{"role": "system", "content": "s"}, question]


def test_zero_leaves_a_field_out():
    body = request_body(ChatOptions(max_tokens=0, top_k=0), "m", [])
    assert not {"max_tokens", "top_k"} & body.keys()
    options = ChatOptions(max_tokens=5, top_k=2, max_tokens_field="max_completion_tokens")
    body = request_body(options, "m", [])
    assert (body["max_completion_tokens"], body["top_k"]) == (5, 2)


def test_an_output_keeps_thinking_and_text():
    output = output_of(Choice("yes", "stop", thinking="hm", tokens_out=2), sample=1, label="y")
    assert (output.text, output.sample, output.label, output.tokens_out) == ("hm\n\nyes", 1, "y", 2)
