"""The form of a curation rule."""

import pytest

from exports.curation.forms import RuleForm, initial_of
from exports.curation.rule import Rule
from exports.curation.rule_versions import save_rule
from tests.factories import make_dataset

pytestmark = pytest.mark.django_db


def test_a_saved_rule_fills_the_form_and_comes_back_the_same():
    dataset = make_dataset()
    rule = Rule(finding="wrong", test=0.25, per_problem=2, seed=7)
    version = save_rule(dataset, "mine", rule, created_by=None)
    initial = initial_of(version)
    data = {name: value for name, value in initial.items() if value not in (None, "", False)}
    form = RuleForm(data | {"name": "mine"}, dataset=dataset)
    assert form.is_valid(), form.errors
    assert form.rule == rule


def test_contradictory_choices_are_an_error_of_the_form():
    dataset = make_dataset()
    data = initial_of(None) | {"name": "mine", "validation": 0.6, "test": 0.6}
    form = RuleForm({k: v for k, v in data.items() if v is not None}, dataset=dataset)
    assert not form.is_valid()
    assert "leave nothing for training" in str(form.errors)
