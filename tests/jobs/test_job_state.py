"""The state of a job on a page."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import timezone

from jobs.models import Status
from tests.jobs.models import Errand, FragileErrand


def show(job, **context) -> BeautifulSoup:
    html = render_to_string("jobs/job_state.html", {"job": job, **context})
    return BeautifulSoup(html, "html.parser")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ", strip=True).split())


@pytest.mark.parametrize("status", Status.values)
def test_every_state_is_said_in_its_word(status: str):
    state = show(FragileErrand(status=status)).find(class_="state")
    assert state.get_text() == status
    assert ("bad" in state["class"]) == (status == "failed")


def test_a_queued_job_says_what_it_waits_for():
    assert words(show(FragileErrand())) == "queued Waiting for a worker."
    page = show(FragileErrand(error="It fell silent."), waits_for="Waits for a GPU.")
    assert words(page) == "queued Waits for a GPU. It fell silent."


def test_a_running_job_shows_its_bar_time_and_button():
    started = timezone.now() - timedelta(seconds=61)
    page = show(
        Errand(status="running", done=1200, total=5000, started_at=started), cancel_url="/cancel/"
    )
    assert page.progress["value"] == "1200"
    assert page.progress["max"] == "5000"
    assert page.form["action"] == "/cancel/"
    assert page.form["method"] == "post"
    assert words(page) == "running for 61 seconds 1200 of 5000 1,200 of 5,000 steps Cancel job"


def test_without_a_total_there_is_a_count_and_no_bar():
    page = show(Errand(status="running", done=1200))
    assert page.progress is None
    assert "1,200 steps" in words(page)


def test_a_failed_job_says_why_and_has_no_button():
    page = show(FragileErrand(status="failed", error="The disk is full."), cancel_url="/cancel/")
    assert page.find(class_="error").get_text() == "The disk is full."
    assert page.form is None
