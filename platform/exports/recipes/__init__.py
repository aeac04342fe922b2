"""Formats that an export can have: one file each, one entry here."""

from exports.recipes import mistake_tuning, nft_prompts, nft_rollouts, prm, processbench
from exports.recipes.base import Recipe

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        mistake_tuning.RECIPE,
        nft_prompts.RECIPE,
        nft_rollouts.RECIPE,
        prm.RECIPE,
        processbench.RECIPE,
    )
}
