"""Scheduling on the pages, as a lead and as others."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inference.models import Priority, Schedule, ScoringRun
from inference.runs.schedules.scheduler import create_schedule
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import scripted_scorer
from traces.models import Dataset, SavedFilter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]
LIST = "inference:schedule-list"


@pytest.fixture
def dataset() -> Dataset:
    return make_trace(make_dataset("traces"), subset="hard").dataset


def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def start(client: Client, **data: str):
    asked = {"dataset": "traces", "scorer": "arithmetic"} | data
    return client.post(reverse("inference:run-create"), asked)


@pytest.mark.usefixtures("dataset")
@pytest.mark.parametrize(
    ("asked", "when"),
    [
        ({"when": "at", "at": "2090-01-31T02:30"}, "at"),
        ({"when": "cron", "cron": "30 2 * * 1-5"}, "cron"),
        ({"when": "new"}, "new"),
    ],
)
def test_a_lead_schedules_a_run(client: Client, lead: User, asked: dict[str, str], when: str):
    assert start(client, **asked, priority="1", only_missing="on").url == reverse(LIST)
    schedule = Schedule.objects.get()
    assert (schedule.when, schedule.created_by) == (when, lead)
    assert (schedule.priority, schedule.only_missing) == (Priority.HIGH, True)
    assert ScoringRun.objects.count() == 0
    assert "arithmetic@" in page(client.get(reverse(LIST))).select_one("tbody th").text


@pytest.mark.usefixtures("lead", "dataset")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"when": "at"}, "Enter a time."),
        ({"when": "at", "at": "2000-01-01T00:00"}, "is in the past"),
        ({"when": "cron"}, "Enter a cron schedule"),
        ({"when": "cron", "cron": "every day"}, "is not a cron schedule"),
    ],
)
def test_a_bad_schedule_is_shown_again(client: Client, asked: dict[str, str], sentence: str):
    response = start(client, **asked)
    assert response.status_code == 400
    assert sentence in page(response).select_one(".errorlist").text
    assert Schedule.objects.count() == 0


@pytest.mark.usefixtures("lead")
def test_a_run_over_a_saved_filter_of_the_dataset_alone(client: Client, dataset: Dataset):
    make_trace(dataset, subset="easy")
    own = SavedFilter.objects.create(dataset=dataset, name="hard", choices={"subset": "hard"})
    other = SavedFilter.objects.create(dataset=make_dataset(), name="others", choices={})
    response = start(client, saved_filter=str(other.pk))
    assert (
        "This filter belongs to another dataset than traces."
        in page(response).select_one(".errorlist").text
    )
    run_page = client.get(start(client, saved_filter=str(own.pk)).url)
    assert ScoringRun.objects.get().trace_count == 1
    assert "Filter: hard" in page(run_page).select_one("dl.facts").text


@pytest.mark.usefixtures("lead")
def test_a_schedule_is_turned_off_on_and_deleted(client: Client, dataset: Dataset):
    schedule = create_schedule(scripted_scorer(), dataset=dataset, created_by=None)
    for name, active in (("off", False), ("on", True)):
        path = reverse(f"inference:schedule-{name}", args=[schedule.pk])
        assert client.get(path).status_code == 405
        response = client.post(path, follow=True)
        assert f"is {name}" in page(response).select_one(".notice").text
        schedule.refresh_from_db()
        assert schedule.is_active is active
    path = reverse("inference:schedule-delete", args=[schedule.pk])
    assert client.post(path).url == reverse(LIST)
    assert client.post(path).status_code == 404


def test_an_annotator_looks_and_does_not_touch(client: Client, dataset: Dataset):
    schedule = create_schedule(scripted_scorer(), dataset=dataset, created_by=None)
    client.force_login(make_user())
    shown = page(client.get(reverse(LIST)))
    assert shown.select_one("tbody th")
    assert not shown.select("main form")
    for name in ("on", "off", "delete"):
        path = reverse(f"inference:schedule-{name}", args=[schedule.pk])
        assert client.post(path).status_code == 403
    assert Schedule.objects.get().is_active


@pytest.mark.usefixtures("lead")
def test_the_list_costs_the_same_queries_for_one_schedule_and_three(
    client: Client, dataset: Dataset, django_assert_num_queries
):
    later = timezone.now() + timedelta(days=1)
    for count in (1, 2):
        for _ in range(count):
            create_schedule(scripted_scorer(), dataset=dataset, created_by=None, at=later)
        with django_assert_num_queries(3):
            assert client.get(reverse(LIST)).status_code == 200
