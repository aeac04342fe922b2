"""The traces that a run covers."""

import pytest

from inference.errors import ScoringRefused
from inference.runs.selection import select_traces
from tests.factories import make_dataset, make_trace, make_verdict
from tests.inference.scripted import scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_traces_may_be_restricted_to_new_and_unjudged_ones():
    dataset = make_dataset()
    first, second, third = (make_trace(dataset) for _ in range(3))
    judge = scripted_scorer().judge
    make_verdict(second, judge, 0)
    all_traces = select_traces(dataset).traces(judge.pk)
    assert set(all_traces) == {first, second, third}
    missing = select_traces(dataset, only_missing=True).traces(judge.pk)
    assert set(missing) == {first, third}
    late = select_traces(dataset, only_missing=True, after_trace=first.pk).traces(judge.pk)
    assert list(late) == [third]


def test_an_unknown_filter_is_refused():
    dataset = make_dataset()
    with pytest.raises(ScoringRefused, match="no saved filter 'mine'"):
        select_traces(dataset, filter_name="mine")
