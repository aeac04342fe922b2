"""The files that a review passes through, from the POST to the verdict and the next page.

Counted are the modules of `annotations/` in which a function runs while the views answer, found
with `sys.setprofile`. Left out, because they say nothing on how the work is divided: templates,
the packages below (`accounts`, `traces`, `database`), Django's middleware, and
`annotations/models/`, whose files declare the tables (properties and QuerySet methods of theirs
do run). What only some reviews need is not counted either: gold items, conflicts, skips, model
verdicts that are shown.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.test import Client

import annotations
from annotations.models import Lease
from tests.annotations.factories import make_queue
from tests.annotations.review_page import SCRIPT, address, form_of, open_next
from tests.factories import make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db

ROOT = Path(annotations.__file__).parent
MOST_FILES = 12
SUBMIT_QUERIES = 40  # with those of the session, the transactions and the next lease


@contextmanager
def files_run() -> Iterator[set[str]]:
    """Yield the set of files of `annotations/` in which a function runs during the block."""
    run: set[str] = set()

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and ROOT in path.parents and frame.f_code.co_name != "<module>":
            run.add(str(path.relative_to(ROOT)))

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield run
    finally:
        sys.setprofile(before)


def without_models(files: set[str]) -> list[str]:
    return sorted(file for file in files if not file.startswith("models/"))


def submit(client: Client, *, by_script: bool) -> tuple[set[str], Any]:
    """Review one of three traces; the files that ran, and the page of the next."""
    user = make_user()
    client.force_login(user)
    lease, page = open_next(client, make_queue(3, overlap=2), user)
    headers = SCRIPT if by_script else {}
    with files_run() as files:
        answer = client.post(
            address(lease), form_of(page) | {"earliest_error": "1"}, headers=headers
        )
        next_page = client.get(answer.json()["next"] if by_script else answer.url)
    assert Verdict.objects.get(judge__user=user).earliest_error == 1
    assert Lease.objects.get(pk=lease.pk).state == Lease.State.SUBMITTED
    assert next_page.status_code == 200
    return files, next_page


@pytest.mark.parametrize("by_script", [False, True])
def test_a_review_runs_through_few_files(client, by_script):
    files, page = submit(client, by_script=by_script)
    assert page.context["page"].lease.state == Lease.State.HELD
    path = without_models(files)
    assert len(path) <= MOST_FILES, path


@pytest.mark.parametrize("reviews", [1, 3])
def test_a_submit_takes_the_same_queries_however_many_came_before(
    reviews, client, django_assert_num_queries
):
    queue, user = make_queue(5), make_user()
    client.force_login(user)
    for _ in range(reviews):
        lease, page = open_next(client, queue, user)
        client.post(address(lease), form_of(page) | {"earliest_error": "1"}, headers=SCRIPT)
    lease, page = open_next(client, queue, user)
    with django_assert_num_queries(SUBMIT_QUERIES):
        client.post(address(lease), form_of(page) | {"earliest_error": "1"}, headers=SCRIPT)
