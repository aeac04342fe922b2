import pytest

from tests.factories import make_dataset, make_trace
from traces.duplicates.duplicate_queries import (
    PAGE_SIZE,
    MatchCount,
    match_counts,
    matches_of,
)
from traces.models import Dataset, Problem, ProblemMatch

pytestmark = pytest.mark.django_db


def problem(dataset: Dataset) -> Problem:
    return make_trace(dataset).problem


def match(first: Problem, second: Problem, similarity: float = 1, **fields: bool) -> ProblemMatch:
    return ProblemMatch.objects.create(first=first, second=second, similarity=similarity, **fields)


def test_problems_are_counted_by_the_other_dataset():
    own, other, benchmark = make_dataset("own"), make_dataset("other"), make_dataset("bench")
    benchmark.is_benchmark = True
    benchmark.save()
    first, second, copy, near, held = (
        problem(dataset) for dataset in (own, own, other, other, benchmark)
    )
    match(first, copy)
    match(first, near, 0.8, same_numbers=False)
    match(second, near, 0.9)
    match(second, held)
    match(first, second)
    assert match_counts(own, [own.pk, other.pk, benchmark.pk]) == [
        MatchCount("bench", True, 1, 1, 0),
        MatchCount("other", False, 2, 1, 1),
        MatchCount("own", False, 2, 2, 0),
    ]
    assert match_counts(own, [own.pk]) == [MatchCount("own", False, 2, 2, 0)]
    assert match_counts(other, []) == []


def test_pairs_are_listed_for_one_dataset_or_all():
    own, other, third = make_dataset("own"), make_dataset("other"), make_dataset("third")
    first, second, last = problem(own), problem(other), problem(third)
    before, after = match(first, second), match(first, last)
    match(second, last)
    ids = [own.pk, other.pk, third.pk]
    assert matches_of(own, ids) == [before, after]
    assert matches_of(own, ids, with_dataset="third") == [after]
    assert matches_of(third, ids, with_dataset="own") == [after]
    assert matches_of(own, [own.pk]) == []


def test_a_page_has_one_pair_more_if_others_follow():
    own, other = make_dataset(), make_dataset()
    first = problem(own)
    pairs = [match(first, problem(other)) for _ in range(PAGE_SIZE + 2)]
    page = matches_of(own, [other.pk])
    assert page == pairs[: PAGE_SIZE + 1]
    assert matches_of(own, [other.pk], after=page[PAGE_SIZE - 1].pk) == pairs[PAGE_SIZE:]
