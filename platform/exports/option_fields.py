"""Form fields for the typed options of a recipe or of the files, made from their types."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms
from msgspec import inspect

from exports.recipes.base import Recipe


def fields_of(options: type[msgspec.Struct]) -> Iterator[tuple[str, forms.Field]]:
    """Yield one field an option, named after it, with its description as the label."""
    described = inspect.type_info(options)
    assert isinstance(described, inspect.StructType)
    for option in described.fields:
        kind, description = _unwrapped(option.type)
        yield option.name, _field(kind, description or option.name, option.default)


def values_of(
    options: type[msgspec.Struct], cleaned: dict[str, Any], prefix: str
) -> dict[str, Any]:
    """Return the options of a valid form's data; an empty one is its default."""
    names = [field.name for field in msgspec.structs.fields(options)]
    found = {name: cleaned.get(f"{prefix}{name}") for name in names}
    texts = {f.name for f in msgspec.structs.fields(options) if f.default == "" or f.type is str}
    return {n: v for n, v in found.items() if v is not None and (v != "" or n in texts)}


def _unwrapped(kind: inspect.Type) -> tuple[inspect.Type, str]:
    if isinstance(kind, inspect.Metadata):
        return kind.type, str((kind.extra_json_schema or {}).get("description", ""))
    return kind, ""


def _said(value: str) -> str:
    return value.replace("-", " ") or "recipe's default"


def _field(kind: inspect.Type, label: str, default: Any) -> forms.Field:
    if isinstance(kind, inspect.BoolType):
        return forms.BooleanField(label=label, initial=default, required=False)
    if isinstance(kind, inspect.LiteralType):
        choices = [(value, _said(str(value))) for value in kind.values]
        return forms.ChoiceField(label=label, choices=choices, initial=default, required=False)
    if isinstance(kind, inspect.IntType):
        return forms.IntegerField(
            label=label, initial=default, required=False, min_value=kind.ge, max_value=kind.le
        )
    if isinstance(kind, inspect.FloatType):
        return forms.FloatField(
            label=label, initial=default, required=False, min_value=kind.ge, max_value=kind.le
        )
    return forms.CharField(label=label, initial=default, required=False, strip=False)


# Said elsewhere: first of all, and under the filter's name.
NOT_A_LINE = {"labels", "filter"}


@dataclass(frozen=True, slots=True)
class Line:
    """One choice in words."""

    name: str
    value: str


def describe_options(recipe: Recipe, options: dict[str, Any]) -> list[Line]:
    """Return every option of the recipe in words."""
    fields = fields_of(recipe.options)
    return [form_line(name, field, options.get(name, field.initial)) for name, field in fields]


def form_line(name: str, field: forms.Field, value: Any) -> Line:
    label = str(field.label or name.replace("_", " ").capitalize())
    if isinstance(value, bool):
        return Line(label, "yes" if value else "no")
    if isinstance(value, list | tuple):
        return Line(label, ", ".join(entry or "(none)" for entry in map(str, value)))
    if isinstance(field, forms.ChoiceField):
        return Line(label, str(dict(field.choices).get(value, value)))  # type: ignore[arg-type]
    return Line(label, str(value) or "nothing")
