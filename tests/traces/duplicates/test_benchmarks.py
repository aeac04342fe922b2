"""Problems that are in a benchmark too."""

import pytest

from tests.factories import make_dataset, make_trace, make_user
from traces.duplicates import benchmark_matches, match_problems
from traces.models import Trace

pytestmark = pytest.mark.django_db

TEXT = (
    "A farmer keeps 12 hens, and each of them lays 3 eggs a day. She sells the eggs at the market"
    " for 2 coins each. How many coins does she earn in a week?"
)
NEAR = TEXT.replace("She sells", "Then she sells")
FOREIGN = "Prove that the square root of two can not be written as a fraction of two integers."


def problem_of(trace: Trace) -> int:
    return trace.problem_id


def test_matches_with_a_benchmark_are_flagged_in_one_query(django_assert_num_queries):
    benchmark = make_dataset("bench")
    benchmark.is_benchmark = True
    benchmark.save()
    own = problem_of(make_trace(benchmark, problem=TEXT))
    copy = problem_of(make_trace(problem=TEXT))
    near = problem_of(make_trace(problem=NEAR))
    foreign = problem_of(make_trace(problem=FOREIGN))
    match_problems()
    reader = make_user()
    with django_assert_num_queries(2):
        found = benchmark_matches([own, copy, near, foreign], reader)
    assert found[copy][0].benchmark == "bench"
    assert found[copy][0].similarity == 1
    assert 0.7 <= found[near][0].similarity < 1
    assert found[own][0].similarity == 1
    assert foreign not in found


def test_a_benchmark_that_one_may_not_see_is_not_named():
    closed = make_dataset("closed")
    closed.is_benchmark = closed.members_only = True
    closed.save()
    make_trace(closed, problem=TEXT)
    make_trace(closed, problem=NEAR)
    copy = problem_of(make_trace(problem=TEXT))
    match_problems()
    assert benchmark_matches([copy], make_user()) == {}
    (found,) = benchmark_matches([copy], make_user(role="lead"))[copy]
    assert found.benchmark == "closed"
