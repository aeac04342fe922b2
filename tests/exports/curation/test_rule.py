"""Curation rules: their checks, and how they are stored."""

import pytest

from exports.curation.rule import Rule, parse_rule
from exports.errors import RuleError


def test_a_stored_rule_holds_only_what_is_not_the_default():
    rule = Rule(labels=("judge:12", "human"), test=0.2)
    assert rule.as_json() == {"labels": ("judge:12", "human"), "test": 0.2}
    assert parse_rule(rule.as_json()) == rule
    assert Rule().as_json() == {}


def test_judges_are_the_numbered_label_sources():
    assert Rule(labels=("judge:12", "human", "judge:3")).judges == (12, 3)


@pytest.mark.parametrize(
    ("least", "most", "bounds"), [(0, 1, False), (0.1, 1, True), (0, 0.9, True)]
)
def test_a_rule_bounds_the_rate_unless_it_takes_every_share(least, most, bounds):
    assert Rule(least_rate=least, most_rate=most).bounds_rate is bounds


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"labels": []}, "Choose a label source"),
        ({"labels": ["nobody"]}, "Unknown label source 'nobody'"),
        ({"labels": ["judge:x"]}, "Unknown label source 'judge:x'"),
        ({"labels": ["human", "human"]}, "A label source is named twice"),
        ({"validation": 0.5, "test": 0.5}, "leave nothing for training"),
        ({"least_rate": 0.6, "most_rate": 0.5}, "above the maximum"),
        ({"least_steps": 5, "most_steps": 4}, "above the maximum"),
        ({"seed": "x"}, "seed: Expected `int`"),
        ({"no_such_choice": 1}, "unknown field `no_such_choice`"),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(choices, message):
    with pytest.raises(RuleError, match=message):
        parse_rule(choices)
