"""The made-up problem that documents every recipe."""

import msgspec
import pytest

from exports.recipes import RECIPES
from exports.recipes.recipe_examples import example_rows, example_traces


def test_the_examples_are_a_right_and_a_wrong_attempt_at_one_problem():
    good, bad = example_traces()
    assert (good.is_right, bad.is_right) == (True, False)
    assert good.problem == bad.problem
    assert good.problem_id == bad.problem_id


def test_example_rows_take_options():
    (row,) = example_rows(RECIPES["sft"], shape="chat")
    assert row["messages"][0]["content"] == example_traces()[0].problem
    with pytest.raises(msgspec.ValidationError, match="Invalid enum value"):
        example_rows(RECIPES["sft"], shape="prose")
