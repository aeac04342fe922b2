"""An OpenAPI description as a page prints it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str  # path, query or body
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    answer: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An object in an answer, with its fields."""

    name: str
    description: str
    fields: list[tuple[str, str]]  # name and kind


def groups(schema: dict[str, Any]) -> dict[str, list[Operation]]:
    """Return the operations by tag, in the order of the description."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            operation = Operation(
                method=method.upper(),
                path=path,
                summary=told.get("summary", "").capitalize(),
                description=told.get("description", ""),
                parameters=_parameters(told, schema),
                answer=_answer(told),
            )
            found.setdefault(told.get("tags", ["other"])[0], []).append(operation)
    return found


def shapes(schema: dict[str, Any]) -> list[Shape]:
    """Return the objects that answers hold, sorted by name, nested ones included."""
    known = schema["components"]["schemas"]
    asked = [told["responses"] for methods in schema["paths"].values() for told in methods.values()]
    found: set[str] = set()
    while fresh := {name for part in asked for name in _references(part)} - found:
        found |= fresh
        asked = [known[name] for name in fresh]
    return [
        Shape(
            name=name,
            description=known[name].get("description", ""),
            fields=[(f, _kind(one)) for f, one in known[name].get("properties", {}).items()],
        )
        for name in sorted(found)
    ]


def _references(part: Any) -> Iterator[str]:
    """Yield the names of the objects that a part of the description refers to, at any depth."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield _name(part["$ref"])
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _references(one)


def _parameters(told: dict[str, Any], schema: dict[str, Any]) -> list[Parameter]:
    found = [
        Parameter(one["name"], one["in"], _kind(one["schema"]), one.get("required", False))
        for one in told.get("parameters", [])
    ]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    if "$ref" in body.get("schema", {}):
        wanted = schema["components"]["schemas"][_name(body["schema"]["$ref"])]
        needed = wanted.get("required", [])
        found += [
            Parameter(name, "body", _kind(one), name in needed)
            for name, one in wanted["properties"].items()
        ]
    return found


def _answer(told: dict[str, Any]) -> str:
    for status, response in told["responses"].items():
        body = response.get("content", {}).get("application/json", {}).get("schema")
        return f"{status} {_kind(body)}" if body else f"{status}"
    return ""


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
