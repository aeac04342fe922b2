"""How the API reads what it is sent: JSON of texts and numbers that PostgreSQL can hold.

PostgreSQL's text holds no U+0000, UTF-8 no half of a surrogate pair, and jsonb neither NaN nor
infinity. Refused here they can't break an operation halfway, whichever field they came in. A
misspelt name in a query is refused too, or the answer would be to another question.
"""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import Schema
from ninja.errors import HttpError
from ninja.parser import Parser


class UnfitValue(ValueError):
    """A value that can't be stored; the message says which and why."""


class FitParser(Parser):
    """A parser of JSON bodies and queries that refuses what PostgreSQL can't store."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body's JSON; raise UnfitValue or ValueError, which become a 400."""
        body = json.loads(request.body, parse_constant=_refuse_constant)
        for place, text in _texts(body, ""):
            _check(text, f"{place or 'The whole'} in the body")
        return cast("dict[str, Any]", body)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, values in data.lists():
            for text in [name, *(value for value in values if isinstance(value, str))]:
                try:
                    _check(text, f"{ascii(name)[1:-1]} in the query")
                except UnfitValue as refusal:
                    raise HttpError(422, str(refusal)) from None
        return super().parse_querydict(data, list_fields, request)


def known_names_only(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate an operation so that a query with an unknown name is answered with 422."""
    names = set(_taken(operation)) - {"request", "return"}

    @wraps(operation)
    def checked(request: HttpRequest, *given: Any, **named: Any) -> Any:
        in_path = request.resolver_match.kwargs if request.resolver_match else {}
        known = sorted(names - set(in_path))
        for name in request.GET:
            if name not in known:
                takes = f"this address takes {', '.join(known)}" if known else "it takes none"
                said = f"Unknown query parameter {ascii(name)[1:-1]}; {takes}."
                raise HttpError(422, said)
        return operation(request, *given, **named)

    return checked


def _taken(operation: Callable[..., Any]) -> Iterator[str]:
    """Yield the names of an operation's parameters and fields of Query[Schema], not its body."""
    for name, hint in get_type_hints(operation, include_extras=True).items():
        if get_origin(hint) is Annotated:
            yield from get_args(hint)[0].model_fields
        elif not (isinstance(hint, type) and issubclass(hint, Schema)):
            yield name


def _refuse_constant(name: str) -> None:
    raise UnfitValue(f"The body contains {name}, which isn't valid JSON. Use null or a number.")


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a JSON value, field names included, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            inside = f"{place}.{ascii(name)[1:-1]}" if place else ascii(name)[1:-1]
            yield inside, name
            yield from _texts(inner, inside)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{place}[{index}]")


def _check(text: str, where: str) -> None:
    if "\0" in text:
        raise UnfitValue(
            f"{where} contains the character U+0000, which can't be stored. Remove it."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnfitValue(f"{where} contains half of a surrogate pair. Send valid UTF-8.") from None
