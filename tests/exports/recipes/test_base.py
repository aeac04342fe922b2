"""The interface of a recipe."""

import msgspec
import pytest

from exports.recipes import RECIPES
from exports.recipes.base import NoOptions


def test_columns_follow_the_options_where_a_recipe_is_shaped():
    sft = RECIPES["sft"]
    assert "messages" in sft.columns_for(sft.options(shape="chat"))
    assert "prompt" in sft.columns_for(sft.options())
    assert (
        RECIPES["critique"].columns_for(RECIPES["critique"].options())
        == RECIPES["critique"].columns
    )


def test_a_recipe_without_options_refuses_any():
    with pytest.raises(msgspec.ValidationError, match="unknown field `x`"):
        msgspec.convert({"x": 1}, NoOptions)
