"""The search for near-duplicates, in any order and any number of times."""

import pytest

from tests.factories import make_trace
from traces.duplicates import match, match_problems
from traces.models import ProblemMatch, ProblemSignature, Trace

pytestmark = pytest.mark.django_db

TEXT = (
    "A farmer keeps 12 hens, and each of them lays 3 eggs a day. She sells the eggs at the market"
    " for 2 coins each. How many coins does she earn in a week?"
)
NEAR = TEXT.replace("She sells", "Then she sells")
OTHER_NUMBERS = TEXT.replace("12 hens", "15 hens")
FOREIGN = "Prove that the square root of two can not be written as a fraction of two integers."


def problem_of(trace: Trace) -> int:
    return trace.problem_id


def pairs() -> set[tuple[int, int]]:
    return set(ProblemMatch.objects.values_list("first", "second"))


def test_copies_and_near_copies_of_other_datasets_are_found():
    first = problem_of(make_trace(problem=TEXT))
    copy = problem_of(make_trace(problem=TEXT))
    near = problem_of(make_trace(problem=NEAR))
    make_trace(problem=FOREIGN)
    compared = match_problems()
    assert compared.problems == 4
    assert pairs() == {(first, copy), (first, near), (copy, near)}
    assert ProblemMatch.objects.get(first=first, second=copy).similarity == 1
    assert 0.7 <= ProblemMatch.objects.get(first=first, second=near).similarity < 1


def test_other_numbers_are_told_apart_from_copies():
    make_trace(problem=TEXT)
    make_trace(problem=OTHER_NUMBERS)
    match_problems()
    assert ProblemMatch.objects.get().same_numbers is False


def test_later_problems_meet_the_earlier_ones_and_nothing_is_compared_twice():
    first = problem_of(make_trace(problem=TEXT))
    assert match_problems().problems == 1
    near = problem_of(make_trace(problem=NEAR))
    assert match_problems().problems == 1
    assert match_problems().problems == 0
    assert pairs() == {(first, near)}


def test_a_problem_whose_signature_came_late_still_meets_the_later_ones():
    first = problem_of(make_trace(problem=TEXT))
    near = problem_of(make_trace(problem=NEAR))
    match_problems()
    ProblemMatch.objects.all().delete()
    ProblemSignature.objects.filter(problem=first).delete()
    match_problems()
    assert pairs() == {(first, near)}


def test_text_with_nul_is_compared_as_it_was_written():
    first = problem_of(make_trace(problem=f"{TEXT}\x00"))
    copy = problem_of(make_trace(problem=f"{TEXT}\x00"))
    match_problems()
    assert pairs() == {(first, copy)}


def test_a_copy_is_found_among_any_number_of_similar_problems(monkeypatch):
    monkeypatch.setattr(match, "MOST_MATCHES", 3)
    for hens in range(20, 28):
        make_trace(problem=TEXT.replace("12 hens", f"{hens} hens"))
    first = problem_of(make_trace(problem=TEXT))
    match_problems()
    copy = problem_of(make_trace(problem=TEXT))
    match_problems()
    assert (first, copy) in pairs()
