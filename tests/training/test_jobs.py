"""The table of jobs."""

from importlib import import_module

import pytest

from exports.recipes import RECIPES
from training.jobs import JOBS, jobs_for


@pytest.mark.parametrize("job", JOBS.values(), ids=list(JOBS))
def test_a_job_names_an_importable_class_and_existing_recipes(job):
    module, _, name = job.path.rpartition(".")
    assert callable(getattr(import_module(module), name))
    assert set(job.recipes) <= RECIPES.keys()


def test_jobs_are_selected_by_recipe():
    assert [job.name for job in jobs_for("nft-rollouts")] == ["nft"]
    assert jobs_for("processbench") == []
