"""Recipes: the formats of an export, one file and one entry each."""

from typing import Any

import msgspec

from exports.errors import RuleError, error_message
from exports.recipes import (
    critique,
    dpo,
    in_context,
    kto,
    mistake_tuning,
    nft_prompts,
    nft_rollouts,
    prm,
    prm800k,
    processbench,
    retry_dialogues,
    sft,
    step_dpo,
)
from exports.recipes.base import Recipe

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        mistake_tuning.RECIPE,
        nft_prompts.RECIPE,
        nft_rollouts.RECIPE,
        prm.RECIPE,
        step_dpo.RECIPE,
        dpo.RECIPE,
        kto.RECIPE,
        sft.RECIPE,
        critique.RECIPE,
        in_context.RECIPE,
        retry_dialogues.RECIPE,
        processbench.RECIPE,
        prm800k.RECIPE,
    )
}


def options_from(recipe: str, chosen: dict[str, Any]) -> msgspec.Struct:
    """Return a recipe's options. Raises RuleError for one that it does not have."""
    try:
        return msgspec.convert(chosen, RECIPES[recipe].options, strict=False)
    except msgspec.ValidationError as error:
        raise RuleError(f"The recipe's {error_message(error)}") from error
