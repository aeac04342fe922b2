"""Derivations run in the background, once."""

import pytest

from inference.models import Derivation
from inference.runs.start import start_run
from inference.scorers.derivation_job import run_derivation, start_derivation
from inference.scorers.registry import builtin_scorer
from inference.scorers.rethreshold import scorer_at_threshold, verdict_count
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import scored, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_the_job_writes_the_verdicts_and_runs_once():
    source = scripted_scorer()
    scored(start_run(source, dataset=make_trace(make_dataset()).dataset, created_by=None))
    scorer = scorer_at_threshold(source, 0.95, name="strict")
    job = start_derivation(scorer, source)
    assert job.status == Derivation.Status.QUEUED
    for _ in range(2):
        run_derivation(job.pk)
    job.refresh_from_db()
    assert (job.status, job.written, job.attempts) == (Derivation.Status.FINISHED, 1, 1)
    assert verdict_count(scorer) == 1


def test_scorers_that_differ_in_more_fail_the_job():
    job = start_derivation(builtin_scorer("arithmetic"), scripted_scorer())
    run_derivation(job.pk)
    job.refresh_from_db()
    assert job.status == Derivation.Status.FAILED
    assert "differ in more than the threshold" in job.error
