"""Properties of every recipe."""

import msgspec
import pyarrow as pa
import pytest

from exports.curation.read import OPTIONAL
from exports.errors import RuleError
from exports.files.schema import arrow_schema
from exports.recipes import RECIPES, options_from
from exports.recipes.base import Recipe
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.recipe_examples import example_rows


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_rows_have_the_columns_and_their_types(recipe: Recipe):
    rows = example_rows(recipe)
    assert rows
    assert all(list(row) == list(recipe.columns) for row in rows)
    schema = arrow_schema(recipe.columns)
    assert pa.Table.from_pylist(rows, schema=schema).to_pylist() == rows


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_options_are_described_and_reads_are_fields(recipe: Recipe):
    assert recipe.reads <= OPTIONAL < set(LabelledTrace._fields)
    schema = msgspec.json.schema(recipe.options)
    options = schema["$defs"]["Options"]["properties"] if recipe.options.__struct_fields__ else {}
    assert all(option.get("description") for option in options.values())
    if recipe.shaped:
        assert recipe.columns == recipe.shaped(recipe.options())


def test_an_unknown_option_is_refused_with_a_sentence():
    with pytest.raises(RuleError, match="Object contains unknown field `nope`"):
        options_from("prm", {"nope": 1})
    with pytest.raises(RuleError, match="after_first_error: Invalid enum value 'x'"):
        options_from("prm", {"after_first_error": "x"})
