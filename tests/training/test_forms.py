"""The settings of a run, as typed into the form."""

from collections.abc import Callable

import pytest

from exports.models import Export
from training.forms import TrainingForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(finished_export: Callable[[str], Export]) -> Export:
    return finished_export("prm")


def test_the_form_offers_the_jobs_of_the_recipe_with_their_defaults(export: Export):
    form = TrainingForm(export=export)
    assert [name for name, _ in form.fields["job"].choices] == ["prm"]
    placeholders = {
        name: form.fields[name].widget.attrs["placeholder"] for name in ("batch_size", "seed")
    }
    assert placeholders == {"batch_size": 8, "seed": 1}
    assert [title for title, _ in form.groups] == ["Model", "Settings"]


def test_empty_fields_are_left_out_and_extra_settings_are_added(export: Export):
    data = {"job": "prm", "base": "owner/tiny", "seed": "0", "extra": '{"steps": 5}'}
    form = TrainingForm(data, export=export)
    assert form.is_valid()
    assert form.values() == {"base": "owner/tiny", "seed": 0, "steps": 5}


def test_extra_settings_must_be_an_object(export: Export):
    form = TrainingForm({"job": "prm", "base": "x", "extra": "[1]"}, export=export)
    assert not form.is_valid()
    assert form.errors["extra"] == ['Enter a JSON object, such as {"steps": 500}.']
