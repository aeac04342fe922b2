"""A run's log: lines are added by its events and read newest first."""

import pytest

from inference.run_log import SHOWN, latest_events, log_run_event
from inference.runs.start import start_run
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_the_newest_lines_are_shown_and_the_rest_counted(django_assert_num_queries):
    run = start_run(scripted_scorer(), dataset=make_trace(make_dataset()).dataset, created_by=None)
    user = make_user("ann")
    for number in range(SHOWN):
        log_run_event(run.pk, f"line {number}", user=user)
    with django_assert_num_queries(2):
        log = latest_events(run)
        assert log.events[0].user == user
    assert log.events[0].sentence == f"line {SHOWN - 1}"
    assert (len(log.events), log.earlier) == (SHOWN, 1)
