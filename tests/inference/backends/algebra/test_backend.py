"""The algebra checker as a judge of traces."""

import json

import pytest

from inference.backends.algebra import AlgebraBackend
from inference.backends.algebra.contradictions import find_contradiction
from inference.backends.interface import Recipe, TraceText


def test_the_first_contradicting_step_is_the_error():
    judge = AlgebraBackend(Recipe("algebra"))
    steps = ["So 2x = 10.", "So 2x = 10, thus x = 6.", "So x = 1, thus x = 2."]
    wrong, right = judge.judge([TraceText("?", steps), TraceText("?", steps[:1])])
    assert (wrong.earliest_error, right.earliest_error) == (1, -1)
    assert "x = 6" in wrong.explanation


@pytest.mark.parametrize("name", ["gsm8k", "math"])
def test_no_step_that_people_found_right_is_flagged(shared_data, name):
    rows = json.loads(shared_data(f"processbench/{name}.json").read_text())
    found = 0
    for row in rows:
        label = row["label"]
        right = row["steps"] if label == -1 else row["steps"][:label]
        assert [find_contradiction(step) for step in right] == [None] * len(right)
        found += label != -1 and find_contradiction(row["steps"][label]) is not None
    assert found >= 2
