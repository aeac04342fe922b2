"""Sampling a model's texts for one conversation."""

from collections.abc import Sequence
from typing import Any

from inference.backends.chat.client import ContextExceeded, RequestRejected, Session
from inference.backends.chat.options import ChatOptions
from inference.backends.chat.replies import Choice, Reply
from inference.backends.interface import Output

Message = dict[str, str]


def start_conversation(options: ChatOptions, question: str) -> list[Message]:
    """Return a conversation that begins with the system prompt, if any, and the question."""
    system = [{"role": "system", "content": options.system}] if options.system else []
    return [*system, {"role": "user", "content": question}]


async def sample_texts(
    session: Session,
    options: ChatOptions,
    messages: Sequence[Message],
    *,
    count: int = 1,
    seed: int | None = None,
    more: dict[str, Any] | None = None,
) -> Reply:
    """Return `count` texts. `more` joins the request's body.

    An endpoint that gives fewer at once, as llama.cpp does, or refuses to give several, is asked
    again with the next seed.
    """
    seed = options.seed if seed is None else seed
    choices: list[Choice] = []
    tokens_in = tokens_out = 0
    while len(choices) < count:
        body = request_body(options, session.model, messages)
        body |= {"seed": seed + len(choices), **(more or {})}
        reply = await _request_several(session, body, count - len(choices))
        choices += reply.choices
        tokens_in += reply.tokens_in
        tokens_out += reply.tokens_out
    return Reply(tuple(choices[:count]), tokens_in=tokens_in, tokens_out=tokens_out)


async def _request_several(session: Session, body: dict[str, Any], wanted: int) -> Reply:
    """Return as many of the wanted texts as the endpoint gives to one request."""
    at_once = min(wanted, session.most_samples or wanted)
    try:
        return await session.chat(body | {"n": at_once})
    except ContextExceeded:
        raise
    except RequestRejected:
        if at_once == 1:
            raise
    # Whether it was for their number shows when one is asked for.
    reply = await session.chat(body | {"n": 1})
    session.most_samples = 1
    return reply


def request_body(options: ChatOptions, model: str, messages: Sequence[Message]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "messages": list(messages),
        "temperature": options.temperature,
        "top_p": options.top_p,
        **options.extra_body,
    }
    if options.top_k:
        body["top_k"] = options.top_k
    if options.max_tokens:
        body[options.max_tokens_field] = options.max_tokens
    return body


def output_of(choice: Choice, **known: Any) -> Output:
    """Return the text as an Output with the given fields."""
    return Output(
        text=choice.full_text,
        finish_reason=choice.finish_reason,
        tokens_in=choice.tokens_in,
        tokens_out=choice.tokens_out,
        **known,
    )
