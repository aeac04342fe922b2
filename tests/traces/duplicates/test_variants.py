"""Variants that rows state and that leads link."""

import pytest

from tests.factories import make_dataset, make_trace
from traces.duplicates.variants import link_stated_variants, link_variant
from traces.models import Dataset, Problem, ProblemVariant, Trace

pytestmark = pytest.mark.django_db


def stated(dataset: Dataset, name: str, variant_of: str = "", kind: str = "numbers") -> Trace:
    trace = make_trace(dataset, external_id=name)
    if variant_of:
        trace.metadata = {"variant_of": variant_of, "variant_kind": kind}
        trace.save()
    return trace


def links() -> set[tuple[int, int]]:
    return set(ProblemVariant.objects.values_list("problem", "original"))


def test_rows_that_state_it_are_linked_once():
    dataset = make_dataset()
    original = stated(dataset, "a")
    variant = stated(dataset, "b", "a", "reversed")
    stated(make_dataset(), "c", "a")  # that row is of another dataset
    assert link_stated_variants() == 1
    assert link_stated_variants() == 0
    assert links() == {(variant.problem_id, original.problem_id)}
    assert ProblemVariant.objects.get().kind == "reversed"


def test_an_unknown_kind_is_another_change():
    dataset = make_dataset()
    stated(dataset, "a")
    stated(dataset, "b", "a", "upside down")
    link_stated_variants()
    assert ProblemVariant.objects.get().kind == "other"


def test_a_variant_of_a_variant_is_one_of_the_first_original():
    dataset = make_dataset()
    first = stated(dataset, "a")
    second, third, fourth = (
        stated(dataset, name, of) for name, of in [("b", "a"), ("c", "b"), ("d", "c")]
    )
    link_stated_variants()
    assert links() == {(t.problem_id, first.problem_id) for t in (second, third, fourth)}


def test_two_that_name_each_other_are_one_link():
    dataset = make_dataset()
    first = stated(dataset, "a", "b")
    second = stated(dataset, "b", "a")
    link_stated_variants()
    assert links() == {(second.problem_id, first.problem_id)}
    assert link_stated_variants() == 0


def test_a_lead_links_by_hand_and_changes_it():
    problems = list(
        Problem.objects.filter(pk__in=[make_trace().problem_id for _ in range(3)]).order_by("pk")
    )
    link_variant(problems[1], problems[0], "numbers")
    link_variant(problems[2], problems[1], "statement")
    assert links() == {(p.pk, problems[0].pk) for p in problems[1:]}
    with pytest.raises(ValueError, match="no variant of itself"):
        link_variant(problems[0], problems[0], "other")
    with pytest.raises(ValueError, match="already"):
        link_variant(problems[0], problems[1], "other")
