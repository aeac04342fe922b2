"""Formats that an export can have: one file each, one entry here."""

from exports.recipes import mistake_tuning, processbench
from exports.recipes.base import Recipe

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe for recipe in (mistake_tuning.RECIPE, processbench.RECIPE)
}
