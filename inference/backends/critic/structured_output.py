"""Answers as JSON that the endpoint forces into shape, so that no parse can fail."""

import json
from typing import Any

QUESTION = """

Instead of a box, answer with one JSON object: "critique" holds your review in words, "paragraph" \
the number."""


def answer_schema(steps: int) -> dict[str, Any]:
    """Return the JSON schema of an answer about so many steps.

    The review comes first: a model that gives the number first has not read yet.
    """
    return {
        "type": "object",
        "properties": {
            "critique": {"type": "string"},
            "paragraph": {"type": "integer", "enum": list(range(-1, steps))},
        },
        "required": ["critique", "paragraph"],
        "additionalProperties": False,
    }


def request_fields(how: str, steps: int) -> dict[str, Any]:
    """Return the fields for the request's body: OpenAI's, or vLLM's own."""
    schema = answer_schema(steps)
    if how == "structured_outputs":
        return {"structured_outputs": {"json": schema}}
    shape = {"name": "review", "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": shape}}


def json_answer(text: str) -> str | None:
    """Return the paragraph's number in digits, None if the text is no such object."""
    number = _object(text).get("paragraph")
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else None


def json_critique(text: str) -> str:
    critique = _object(text).get("critique")
    return critique if isinstance(critique, str) else ""


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
