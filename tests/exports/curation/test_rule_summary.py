"""A rule and a recipe's options in words."""

import pytest

from exports.curation.rule import Rule
from exports.curation.rule_summary import rule_in_words
from exports.option_fields import options_in_words
from exports.recipes import RECIPES
from tests.factories import make_scorer, make_trace

pytestmark = pytest.mark.django_db


def words(rule: Rule) -> dict[str, str]:
    return {line.name: line.value for line in rule_in_words(rule)}


def test_the_usual_rule_says_whose_labels_count_and_no_more():
    assert words(Rule()) == {
        "Labels from": "the consensus, else people who agree, else the reference"
    }


def test_judges_and_generators_have_their_names():
    judge = make_scorer("careful").judge
    generator = make_trace(generator="model-b").generator
    rule = Rule(
        labels=(f"judge:{judge.pk}", "judge:999999", "human"),
        generators=(generator.pk, 999999),
    )
    assert words(rule) == {
        "Labels from": "careful, else judge 999999, who is gone, else people who agree",
        "Generators": "model-b, generator 999999, which is gone",
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
        "Labels from": "the consensus, else people who agree, else the reference",
        "Traces found": "wrong",
        "Kinds of error": "numeric, logical",
        "Subsets": "(none), gsm8k",
        "Minimum success rate of a problem": "0.25",
        "Saved filter": "hard ones",
        "Duplicates": "the same trace once, nearly the same problems once",
        "Keep problems of benchmarks": "yes",
    }


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_option_has_a_line_of_its_own(name: str):
    recipe = RECIPES[name]
    lines = options_in_words(recipe, {})
    assert len({line.name for line in lines}) == len(recipe.options.__struct_fields__)
    assert all(line.value for line in lines)


def test_an_option_is_said_by_what_it_means():
    lines = options_in_words(RECIPES["prm"], {"neutral": "wrong", "after_first_error": "left-out"})
    assert [(line.name, line.value) for line in lines] == [
        ("What a step rated 0 counts as", "wrong"),
        ("What becomes of the steps after the first error", "left out"),
    ]
