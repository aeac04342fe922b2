"""A rule's own conditions on a trace."""

import pytest

from exports.errors import RuleError
from tests.exports.curation.choices import chosen
from tests.factories import label, make_dataset, make_trace
from traces.models import Dataset, Trace

pytestmark = pytest.mark.django_db


def make_labelled(dataset: Dataset, name: str, error: int = -1, **fields) -> Trace:
    trace = make_trace(dataset, external_id=name, **fields)
    label(trace, error)
    return trace


def test_traces_qualify_by_what_they_are():
    dataset = make_dataset()
    make_labelled(dataset, "long", subset="a", steps=["x" * 50, "y"])
    other = make_labelled(dataset, "short", subset="b", steps=["x"], generator="model-b")
    assert set(chosen(dataset, subsets=("a",))) == {"long"}
    assert set(chosen(dataset, generators=(other.generator_id,))) == {"short"}
    assert set(chosen(dataset, least_steps=2)) == {"long"}
    assert set(chosen(dataset, most_steps=1)) == {"short"}
    assert set(chosen(dataset, most_characters=50)) == {"short"}
    assert set(chosen(dataset, filter={"subset": "a"})) == {"long"}
    with pytest.raises(RuleError, match="filter's subset doesn't apply to"):
        chosen(dataset, filter={"subset": "gone"})
