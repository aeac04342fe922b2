"""Replies of an endpoint, parsed without trust."""

import json
import math
from dataclasses import dataclass
from typing import Any

LONGEST_EXCERPT = 200


class InvalidReply(Exception):
    """An answer that is no chat completion; the text completes "The endpoint answers with ..."."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that the model chose, and the likeliest alternatives as (text, log-probability)."""

    text: str
    likeliest: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One text of a model. `thinking` is what it wrote apart from its answer, where it does.

    `tokens_out` is 0 where several texts came with one request: only their sum is told then.
    """

    text: str
    finish_reason: str
    thinking: str = ""
    tokens: tuple[Token, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def token_text(self) -> str:
        """The tokens' text joined: thinking and text.

        Characters that are split between tokens are lost. Empty if the endpoint gave no
        log-probabilities.
        """
        return "".join(token.text for token in self.tokens)

    @property
    def full_text(self) -> str:
        return f"{self.thinking}\n\n{self.text}" if self.thinking else self.text


@dataclass(frozen=True, slots=True)
class Reply:
    """The choices of one request, and the tokens read and written for all of them together."""

    choices: tuple[Choice, ...]
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


def parse_json(body: bytes, content_type: str) -> dict[str, Any]:
    """Return the body's JSON object. Raises InvalidReply for anything else."""
    text = body.decode("utf-8", errors="replace").strip()
    if "html" in content_type.lower() or text[:15].lower().startswith(("<!doctype", "<html")):
        raise InvalidReply("a web page instead of JSON: it is no OpenAI-compatible API")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        begun = text.startswith(("{", "["))
        raise InvalidReply(
            "JSON that breaks off or is malformed" if begun else "text that is not JSON"
        ) from error
    if not isinstance(found, dict):
        raise InvalidReply("JSON that is no object")
    return found


def parse_reply(found: dict[str, Any]) -> Reply:
    """Return the reply of a chat completion. Raises InvalidReply for any other JSON."""
    choices = found.get("choices")
    if not isinstance(choices, list) or not choices:
        raise InvalidReply("JSON without choices: it is no chat completion")
    usage = found.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    tokens_in = _count(usage.get("prompt_tokens"))
    tokens_out = _count(usage.get("completion_tokens"))
    each_out = tokens_out if len(choices) == 1 else 0
    texts = tuple(_choice(choice, tokens_in, each_out) for choice in choices)
    return Reply(texts, tokens_in=tokens_in, tokens_out=tokens_out)


def error_of(found: dict[str, Any]) -> Any:
    """Return the error of an answer, as a whole or of one of its choices; None without one."""
    choices = found.get("choices")
    parts = [found, *(choices if isinstance(choices, list) else [])]
    errors = (part.get("error") for part in parts if isinstance(part, dict))
    return next((error for error in errors if error), None)


def error_status(error: Any) -> int | None:
    """Return the HTTP status that an error has as its code."""
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else None


def error_message(error: Any) -> str:
    """Return an endpoint's own error message in one line; empty if it has none."""
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail") or ""
    words = " ".join(str(error).replace("\0", "").split())
    return words if len(words) <= LONGEST_EXCERPT else words[:LONGEST_EXCERPT] + "…"


def _choice(found: Any, tokens_in: int, tokens_out: int) -> Choice:
    message = found.get("message") if isinstance(found, dict) else None
    if not isinstance(message, dict):
        raise InvalidReply("a choice without a message")
    text = message.get("content")
    thinking = message.get("reasoning_content") or message.get("reasoning")
    return Choice(
        text=text if isinstance(text, str) else "",
        finish_reason=str(found.get("finish_reason") or ""),
        thinking=thinking if isinstance(thinking, str) else "",
        tokens=_tokens_of(found.get("logprobs")),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
    )


def _tokens_of(logprobs: Any) -> tuple[Token, ...]:
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(content, list):
        return ()
    return tuple(
        Token(str(entry.get("token", "")), _likeliest(entry.get("top_logprobs")))
        for entry in content
        if isinstance(entry, dict)
    )


def _likeliest(top: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(top, list):
        return ()
    return tuple(
        (str(each.get("token", "")), float(each["logprob"]))
        for each in top
        if isinstance(each, dict)
        and isinstance(each.get("logprob"), int | float)
        and math.isfinite(each["logprob"])
    )


def _count(number: Any) -> int:
    return number if isinstance(number, int) and 0 <= number < 2**31 else 0
