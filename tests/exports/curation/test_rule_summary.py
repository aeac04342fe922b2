"""A rule and a recipe's options in words."""

import pytest

from exports.curation.rule import Rule
from exports.curation.rule_summary import describe_rule
from exports.option_fields import describe_options
from exports.recipes import RECIPES
from tests.factories import make_scorer, make_trace

pytestmark = pytest.mark.django_db


def words(rule: Rule) -> dict[str, str]:
    return {line.name: line.value for line in describe_rule(rule)}


def test_the_usual_rule_says_whose_labels_count_and_no_more():
    assert words(Rule()) == {
        "Label priority": "consensus, then people who agree, then dataset labels"
    }


def test_judges_and_generators_have_their_names():
    judge = make_scorer("careful").judge
    generator = make_trace(generator="model-b").generator
    rule = Rule(
        labels=(f"judge:{judge.pk}", "judge:999999", "human"),
        generators=(generator.pk, 999999),
    )
    assert words(rule) == {
        "Label priority": "careful, then judge 999999 (deleted), then people who agree",
        "Generators": "model-b, generator 999999 (deleted)",
    }


def test_choices_are_said_as_the_form_says_them():
    rule = Rule(
        finding="wrong",
        error_types=("numeric", "logical"),
        subsets=("", "gsm8k"),
        least_rate=0.25,
        duplicates="near",
        keep_benchmarks=True,
        filter_name="hard ones",
        filter={"answer": "wrong"},
    )
    assert words(rule) == {
        "Label priority": "consensus, then people who agree, then dataset labels",
        "Verdict": "wrong",
        "Error types": "numeric, logical",
        "Subsets": "(none), gsm8k",
        "Minimum success rate per problem": "0.25",
        "Saved filter": "hard ones",
        "Duplicates": "remove duplicate traces and near-duplicate problems",
        "Include benchmark problems": "yes",
    }


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_option_has_a_line_of_its_own(name: str):
    recipe = RECIPES[name]
    lines = describe_options(recipe, {})
    assert len({line.name for line in lines}) == len(recipe.options.__struct_fields__)
    assert all(line.value for line in lines)


def test_an_option_is_said_by_what_it_means():
    lines = describe_options(RECIPES["prm"], {"neutral": "wrong", "after_first_error": "left-out"})
    assert [(line.name, line.value) for line in lines] == [
        ("Count steps rated 0 as", "wrong"),
        ("Steps after the first error", "left out"),
    ]
