"""The reference of the recipes, as the documentation prints it."""

import json
from pathlib import Path

from exports.recipe_reference import example_in_json, recipes_in_markdown
from exports.recipes import RECIPES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "exports.md"


def test_the_documentation_lists_every_recipe_option_and_column():
    assert recipes_in_markdown() in DOCS.read_text(encoding="utf-8")


def test_the_example_is_a_row_of_the_recipe():
    row = json.loads(example_in_json(RECIPES["processbench"]))
    assert list(row) == list(RECIPES["processbench"].columns)
