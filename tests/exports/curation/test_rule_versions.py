"""Versions of rules."""

import pytest

from exports.curation.rule import Rule
from exports.curation.rule_versions import find_rule, newest_rules, save_rule
from exports.errors import RuleError
from tests.factories import make_dataset

pytestmark = pytest.mark.django_db


def test_saving_makes_a_version_only_of_a_changed_rule():
    dataset = make_dataset()
    first = save_rule(dataset, " mine ", Rule(), created_by=None)
    assert save_rule(dataset, "mine", Rule(), created_by=None) == first
    second = save_rule(dataset, "mine", Rule(seed=1), created_by=None)
    assert [(rule.name, rule.version) for rule in (first, second)] == [("mine", 1), ("mine", 2)]
    other = save_rule(dataset, "other", Rule(), created_by=None)
    assert newest_rules(dataset) == [second, other]


def test_a_rule_is_found_by_name_and_version():
    dataset = make_dataset("things")
    first = save_rule(dataset, "mine", Rule(), created_by=None)
    second = save_rule(dataset, "mine", Rule(seed=1), created_by=None)
    assert find_rule(dataset, "mine") == second
    assert find_rule(dataset, "mine@1") == first


@pytest.mark.parametrize("text", ["yours", "mine@9", "mine@x", "mine@99999999999999"])
def test_a_missing_rule_is_an_error_that_lists_the_others(text: str):
    dataset = make_dataset("things")
    save_rule(dataset, "mine", Rule(), created_by=None)
    with pytest.raises(RuleError, match=r"things has no rule .*\. Rules: mine\."):
        find_rule(dataset, text)


@pytest.mark.parametrize("name", ["", " ", "a@b", "x" * 101, "a\x00b"])
def test_a_name_that_cannot_be_a_rules_is_refused(name: str):
    with pytest.raises(RuleError, match="1 to 100 printable characters"):
        save_rule(make_dataset(), name, Rule(), created_by=None)
