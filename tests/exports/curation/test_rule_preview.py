"""The preview of a rule in numbers."""

import pytest

from exports.curation.rule import Rule
from exports.curation.rule_preview import count
from tests.factories import label, make_dataset, make_trace
from traces.models import Dataset, Trace

pytestmark = pytest.mark.django_db


def make_labelled(dataset: Dataset, name: str, error: int = -1, **fields) -> Trace:
    trace = make_trace(dataset, external_id=name, **fields)
    label(trace, error)
    return trace


def test_counts_say_where_traces_went():
    dataset = make_dataset()
    make_labelled(dataset, "a", problem="p")
    make_labelled(dataset, "b", problem="p")
    make_labelled(dataset, "c", 0, problem="q")
    counts = count(dataset, Rule())
    assert (counts.labelled, counts.traces) == (3, 2)
    assert [(step.reason, step.traces) for step in counts.left_out] == [("duplicate traces", 1)]
    (split,) = counts.splits
    assert (split.split, split.problems, split.right, split.wrong) == ("train", 2, 1, 1)
    assert [(source.kind, source.traces) for source in counts.sources] == [("reference", 2)]
    # Again, with another rule, in the same transaction.
    assert count(dataset, Rule(finding="wrong")).traces == 1
