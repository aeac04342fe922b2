"""Formats that an export can have: one file each, one entry here."""

from typing import Any

import msgspec

from exports.errors import RuleError, sentence
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
    retry,
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
        retry.RECIPE,
        processbench.RECIPE,
        prm800k.RECIPE,
    )
}


def options_from(recipe: str, chosen: dict[str, Any]) -> msgspec.Struct:
    """A recipe's options. Raises RuleError with a sentence for one that it does not have."""
    try:
        return msgspec.convert(chosen, RECIPES[recipe].options, strict=False)
    except msgspec.ValidationError as error:
        raise RuleError(f"The recipe's {sentence(error)}") from error
