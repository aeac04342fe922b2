import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal


def test_a_row_becomes_a_trace_with_step_labels():
    record = read_one("trl-stepwise", row_of("trl-stepwise"))
    assert record.problem == "What is 2 + 3?"
    assert record.label.earliest_error == 1
    assert record.label.step_labels == [1, -1]
    assert record.label.scores is None


def test_zeros_and_ones_are_labels_and_other_numbers_scores():
    assert read_one("trl-stepwise", row_of("trl-stepwise", labels=[1, 0])).label.step_labels == [
        1,
        -1,
    ]
    scored = read_one("trl-stepwise", row_of("trl-stepwise", labels=[0.9, 0.4])).label
    assert scored.scores == [0.9, 0.4]
    assert scored.step_labels is None
    assert scored.earliest_error == 1


@pytest.mark.parametrize(
    ("labels", "field"),
    [([True], "labels"), ([True, "no"], "labels[1]"), ([2, 0], "labels[0]"), ("ab", "labels")],
)
def test_labels_that_do_not_fit_are_refused(labels, field):
    assert refusal("trl-stepwise", row_of("trl-stepwise", labels=labels)).field == field
