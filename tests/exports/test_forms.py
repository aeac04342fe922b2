"""The forms that start an export."""

import pytest

from exports.forms import ExportForm, StartForm
from exports.recipes import RECIPES
from tests.factories import make_dataset, make_user

pytestmark = pytest.mark.django_db


def test_the_start_form_takes_a_visible_dataset_and_a_known_recipe():
    make_dataset("things")
    user = make_user(role="lead")
    assert StartForm({"dataset": "things", "recipe": "prm"}, user=user).is_valid()
    assert not StartForm({"dataset": "nope", "recipe": "prm"}, user=user).is_valid()
    assert not StartForm({"dataset": "things", "recipe": "nope"}, user=user).is_valid()


def test_the_export_form_has_the_recipes_options_in_groups():
    form = ExportForm(dataset=make_dataset(), recipe=RECIPES["prm"])
    names = [name for name in form.fields if name.startswith("option-")]
    assert names == [f"option-{name}" for name in RECIPES["prm"].options.__struct_fields__]
    shown = [field.name for group in form.groups for field in group[1]]
    assert set(names) <= set(shown)
