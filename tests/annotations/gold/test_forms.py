"""The form that adds a gold item."""

import pytest

from annotations.gold.forms import GoldForm
from tests.factories import make_dataset, make_trace

pytestmark = pytest.mark.django_db


def form(dataset, **data: object) -> GoldForm:
    return GoldForm(data, dataset=dataset)


@pytest.mark.parametrize(("step", "label"), [(0, -1), (1, 0), (3, 2)])
def test_steps_are_counted_from_one_and_no_error_is_zero(step, label):
    trace = make_trace(external_id="t")
    filled = form(trace.dataset, trace="t", step=step)
    assert filled.is_valid(), filled.errors
    assert (filled.cleaned_data["trace"], filled.label) == (trace, label)


def test_a_step_after_the_last_is_refused():
    trace = make_trace(external_id="t")
    filled = form(trace.dataset, trace="t", step=4)
    assert filled.errors == {"step": ["The trace has 3 steps."]}


def test_a_trace_of_another_dataset_is_refused():
    make_trace(external_id="t")
    filled = form(make_dataset("mine"), trace="t", step=1)
    assert not filled.is_valid()
    [message] = filled.errors["trace"]
    assert "mine" in message


@pytest.mark.parametrize("step", ["", "-1", "one"])
def test_a_step_is_required_and_a_number(step):
    trace = make_trace(external_id="t")
    assert "step" in form(trace.dataset, trace="t", step=step).errors
