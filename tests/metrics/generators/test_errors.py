from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from metrics.generators.errors import generator_errors, tenths
from metrics.stats.wilson import wilson_rate
from metrics.summaries.queries import Group
from tests.factories import make_verdict
from tests.metrics.rows import (
    judge_traces,
    label_traces,
    make_dataset,
    make_model,
    make_trace,
)

wrong_groups = st.lists(
    st.integers(1, 40).flatmap(
        lambda n: st.builds(
            Group,
            step_count=st.just(n),
            earliest_error=st.integers(0, n - 1),
            final_answer_correct=st.none(),
            traces=st.integers(1, 50),
        )
    ),
    min_size=1,
    max_size=20,
)


@given(wrong_groups)
def test_tenths_are_shares_of_all_errors(groups: list[Group]) -> None:
    found = tenths(groups)
    assert len(found) == 10
    assert min(found) >= 0
    assert sum(found) == pytest.approx(1)


@given(wrong_groups, st.randoms(use_true_random=False))
def test_tenths_are_the_same_to_the_bit_in_any_order(groups: list[Group], chance: Random) -> None:
    other = groups.copy()
    chance.shuffle(other)
    assert tenths(other) == tenths(groups)


def test_tenths_spread_an_error_over_its_step() -> None:
    assert tenths([Group(5, 1, None, 3)]) == pytest.approx([0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0])
    assert tenths([Group(20, 19, None, 1)])[9] == pytest.approx(1)
    assert tenths([Group(1, 0, None, 4)]) == pytest.approx([0.1] * 10)
    assert tenths([]) == []


@pytest.mark.django_db
def test_generators_count_errors_positions_and_types() -> None:
    dataset, reference = make_dataset()
    cases = [(4, -1, True, ""), (4, 1, True, "sums"), (6, 1, False, "sums"), (2, 0, None, "")]
    for i, (steps, label, answer, error_type) in enumerate(cases):
        trace = make_trace(dataset, str(i), problem="p", steps=steps, final_answer_correct=answer)
        make_verdict(trace, reference, label, error_type=error_type)
    make_verdict(make_trace(dataset, "u", problem="p", steps=4), reference, None)
    (found,) = generator_errors(dataset, reference)
    assert (found.traces, found.unparsable, found.mean_steps) == (5, 1, 4.0)
    assert found.errors == wilson_rate(3, 4)
    assert found.right_by_wrong == wilson_rate(1, 2)
    assert found.steps == {0: 1, 1: 2}
    assert found.error_types == {"sums": 2, "": 1}


@pytest.mark.django_db
def test_generators_are_ordered_by_error_rate_and_chosen_by_judge() -> None:
    dataset, reference = make_dataset()
    good = label_traces(dataset, reference, "s", [-1, -1, 0], generator="good")
    label_traces(dataset, reference, "s", [1, -1, 0], generator="bad")
    judge = make_model("prm")
    judge_traces(judge, good, [0, 0, -1])
    assert [one.generator.name for one in generator_errors(dataset, None)] == ["bad", "good"]
    (found,) = generator_errors(dataset, judge)
    assert found.errors == wilson_rate(2, 3)
    one = generator_errors(dataset, reference, generator=good[0].generator)
    assert [row.generator for row in one] == [good[0].generator]


@pytest.mark.django_db
def test_generators_without_a_judge_go_by_each_datasets_own_labels() -> None:
    for name in ["a", "b"]:
        dataset, reference = make_dataset(name)
        label_traces(dataset, reference, "s", [-1, 0])
    (found,) = generator_errors(None, None)
    assert (found.traces, found.errors.count) == (4, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_generators_take_three_queries_however_many_there_are(count: int) -> None:
    dataset, reference = make_dataset()
    for i in range(count):
        label_traces(dataset, reference, "s", [-1, 0], generator=f"g{i}")
    with CaptureQueriesContext(connection) as queries:
        assert len(generator_errors(dataset, reference)) == count
    assert len(queries) == 3
