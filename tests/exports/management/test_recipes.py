"""`misstep recipes`."""

import io

from django.core.management import call_command

from exports.recipes import RECIPES


def test_the_command_prints_every_recipe():
    out = io.StringIO()
    call_command("recipes", stdout=out)
    headings = [line for line in out.getvalue().splitlines() if line.startswith("### ")]
    assert headings == [f"### {recipe.name}: {recipe.title}" for recipe in RECIPES.values()]
