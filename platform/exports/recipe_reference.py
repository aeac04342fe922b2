"""Reference of the recipes in Markdown: options, columns and an example row of each."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from exports.files.schema import describe_type
from exports.recipes import RECIPES
from exports.recipes.base import Recipe
from exports.recipes.recipe_examples import example_rows


def recipes_in_markdown() -> str:
    return "\n".join(line for recipe in RECIPES.values() for line in _recipe(recipe))


def example_in_json(recipe: Recipe) -> str:
    """Return a row of the recipe, made of the example's traces."""
    return json.dumps(example_rows(recipe)[0], indent=1, ensure_ascii=False)


def _recipe(recipe: Recipe) -> Iterator[str]:
    yield f"### {recipe.name}: {recipe.title}\n"
    yield f"{recipe.description}\n"
    options = list(_options(recipe.options))
    if options:
        yield "| option | values | usual | meaning |\n|---|---|---|---|"
        yield from options
        yield ""
    yield "| column | type | meaning |\n|---|---|---|"
    for name, column in recipe.columns.items():
        yield f"| `{name}` | {describe_type(column.kind)} | {column.meaning} |"
    yield "\n```json"
    yield example_in_json(recipe)
    yield "```\n"


def _options(options: type[msgspec.Struct]) -> Iterator[str]:
    described = inspect.type_info(options)
    assert isinstance(described, inspect.StructType)
    for option in described.fields:
        kind: inspect.Type = option.type
        meaning = ""
        if isinstance(kind, inspect.Metadata):
            meaning = (kind.extra_json_schema or {}).get("description", "")
            kind = kind.type
        usual = json.dumps(option.default, ensure_ascii=False)
        yield f"| `{option.name}` | {_values(kind)} | `{usual}` | {meaning} |"


def _values(kind: Any) -> str:
    if isinstance(kind, inspect.LiteralType):
        return ", ".join(f"`{value}`" for value in kind.values)
    names: dict[Any, str] = {inspect.BoolType: "yes or no", inspect.IntType: "whole number"}
    return names.get(type(kind), "text")
