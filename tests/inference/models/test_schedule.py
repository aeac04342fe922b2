"""The queries of schedules."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inference.models import Schedule
from inference.runs.schedules.scheduler import create_schedule
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_a_schedule_is_due_once_its_time_has_come_and_while_it_is_on():
    dataset = make_trace(make_dataset()).dataset
    later = timezone.now() + timedelta(hours=1)
    schedule = create_schedule(scripted_scorer(), dataset=dataset, created_by=None, at=later)
    assert not Schedule.objects.due().exists()
    Schedule.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert list(Schedule.objects.due()) == [schedule]
    Schedule.objects.update(is_active=False)
    assert not Schedule.objects.due().exists()
    assert str(schedule) == f"schedule {schedule.pk}"
