"""Word problems, evaluated again with exact fractions."""

import re

import pytest

from tests.traces.samples.equations import equations, holds
from traces.samples import FAMILIES, generate

SUBSETS = sorted(set(FAMILIES) - {"knights-and-knaves"})
TYPES = {
    *("calculation", "numeric", "logical", "conceptual"),
    *("completeness", "misreading", "context"),
}


@pytest.fixture(scope="module", params=SUBSETS)
def records(request):
    return list(generate(3000, 11, subsets=[request.param]))


def test_every_equation_of_a_right_trace_is_true(records):
    right = [record for record in records if record.label.earliest_error == -1]
    wrong_steps = [step for record in right for step in record.steps if not holds(step)]
    assert wrong_steps == []
    assert sum(bool(equations(step)) for record in right for step in record.steps) > 2 * len(right)


def test_every_equation_before_the_first_error_is_true(records):
    for record in records:
        before = record.steps[: max(record.label.earliest_error, 0)]
        assert [step for step in before if not holds(step)] == []


def test_every_equation_of_corrections_and_reference_solutions_is_true(records):
    for record in records:
        assert holds(record.label.correction)
        assert holds(record.reference_solution)


def test_a_slip_states_a_false_equation(records):
    slips = [record for record in records if record.label.error_type == "calculation"]
    assert len(slips) > 100
    steps = [record.steps[record.label.earliest_error] for record in slips]
    assert [step for step in steps if equations(step) and holds(step)] == []
    assert sum(not holds(step) for step in steps) > 0.7 * len(steps)


def test_a_misread_number_is_in_the_step(records):
    misread = [record for record in records if record.label.error_type == "misreading"]
    assert len(misread) > 50
    for record in misread:
        step = record.steps[record.label.earliest_error]
        named = re.findall(r"\d[\d.]*\d|\d", record.label.explanation)
        assert len(named) == 2
        assert any(number in step for number in named)


def test_a_right_trace_ends_in_the_reference_answer(records):
    for record in records:
        assert record.final_answer in record.steps[-1]
        if record.label.earliest_error == -1:
            assert record.reference_answer in record.steps[-1]
            assert record.final_answer_correct is True


def test_labels_agree_with_themselves(records):
    for record in records:
        label = record.label
        assert len(label.step_labels) == len(record.steps)
        assert set(label.step_labels) <= {1, 0, -1}
        if label.earliest_error == -1:
            assert -1 not in label.step_labels
            assert (label.error_type, label.explanation, label.correction) == ("", "", "")
        else:
            assert label.step_labels.index(-1) == label.earliest_error
            assert label.error_type in TYPES
            assert label.explanation[0] != " " and label.explanation.endswith(".")
            assert label.correction != record.steps[label.earliest_error]


def test_no_gap_is_left_unfilled(records):
    for record in records:
        texts = [record.problem, *record.steps, record.label.explanation, record.label.correction]
        assert not [text for text in texts if re.search(r"<\w+>|%\(|\[\[|\]\]|\[=|=\]", text)]
        assert not [step for step in record.steps if step[0].islower()]
