"""Streaming of the selected traces."""

import pytest
from django.db import transaction

from exports.curation.read import by_problem, labelled_traces
from exports.curation.rule import Rule
from exports.curation.select import choose
from exports.recipes import RECIPES
from tests.factories import label, make_dataset, make_trace

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_problems_traces_come_together_with_the_verdict_that_counts():
    dataset = make_dataset()
    for problem in ("b", "a"):
        for number, error in enumerate((-1, 1)):
            name, steps = f"{problem}-{number}", [f"step {number}", "end"]
            trace = make_trace(dataset, problem=problem, external_id=name, steps=steps)
            label(trace, error)
    with transaction.atomic():
        choose(dataset, Rule(), for_training=True)
        groups = list(by_problem(RECIPES["processbench"]))
    problems = [trace.problem for group in groups for trace in group]
    assert problems in (["a", "a", "b", "b"], ["b", "b", "a", "a"])
    labels = {trace.external_id: trace.earliest_error for group in groups for trace in group}
    assert labels == {"a-0": -1, "a-1": 1, "b-0": -1, "b-1": 1}


def test_fields_that_are_not_asked_for_keep_their_defaults():
    dataset = make_dataset()
    label(make_trace(dataset, external_id="one", subset="easy"), 0)
    with transaction.atomic():
        choose(dataset, Rule(), for_training=True)
        (trace,) = list(labelled_traces(frozenset({"external_id"})))
    assert (trace.external_id, trace.explanation, trace.metadata) == ("one", "", {})
