"""The form that starts or schedules a run."""

from typing import Any

import pytest

from inference.models import Schedule, ScoringRun
from inference.runs.forms import RunForm
from tests.factories import make_dataset, make_trace, make_user

pytestmark = pytest.mark.django_db


def form(**data: Any) -> RunForm:
    dataset = make_trace(make_dataset()).dataset
    return RunForm({"scorer": "arithmetic", "dataset": dataset.name, **data}, user=make_user())


def test_now_starts_a_run():
    filled = form()
    assert filled.is_valid(), filled.errors
    run = filled.submit(make_user())
    assert isinstance(run, ScoringRun)
    assert (run.scorer.name, run.trace_count, run.priority) == ("arithmetic@1", 1, 0)


def test_a_cron_line_makes_a_schedule():
    filled = form(when="cron", cron="0 3 * * *")
    assert filled.is_valid(), filled.errors
    schedule = filled.submit(make_user())
    assert isinstance(schedule, Schedule)
    assert schedule.cron == "0 3 * * *"


@pytest.mark.parametrize(("when", "field"), [("at", "at"), ("cron", "cron")])
def test_a_schedule_needs_its_time(when: str, field: str):
    assert list(form(when=when).errors) == [field]
