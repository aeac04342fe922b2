"""A trained PRM judges as a scorer what its own model says."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

from exports.models import Export
from inference.backends import load_backend
from inference.backends.interface import TraceText
from inference.scorers.registry import recipe_of
from tests.training.tiny import step_rows
from training.errors import TrainingRefused
from training.jobs.files import MODEL, write_run
from training.jobs.prm import step_tokens
from training.jobs.runner import run as run_job
from training.models import TrainingRun
from training.runs import folder_of, start_run
from training.scorer_registration import register_scorer, suggested_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(finished_export: Callable[[str], Export], base: Path) -> TrainingRun:
    values = {"base": str(base), "steps": 5, "learning_rate": 1e-2, "separator": "\n\n"}
    run = start_run(finished_export("prm"), job="prm", values=values, created_by=None)
    folder = folder_of(run)
    from exports.storage.export_store import folder_of as export_folder

    write_run(folder, job="prm", export=export_folder(run.export), settings=values)
    run_job(folder)
    run.status, run.model = "finished", str(folder / MODEL)
    run.save()
    return run


def test_a_finished_prm_becomes_a_scorer_that_judges_at_once(trained: TrainingRun):
    scorer = register_scorer(trained, name=suggested_name(trained))
    trained.refresh_from_db()
    assert trained.scorer == scorer
    row = step_rows(4)[3]
    (finding,) = load_backend(recipe_of(scorer)).judge(
        [TraceText(row["prompt"], row["completions"])]
    )
    tokenizer = AutoTokenizer.from_pretrained(trained.model)
    model = AutoModelForTokenClassification.from_pretrained(trained.model).eval()
    ids, places = step_tokens(tokenizer, row["prompt"], row["completions"], "\n\n")
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids])).logits[0, places]
    assert finding.scores == pytest.approx(logits.softmax(-1)[:, 1].tolist(), abs=1e-5)
    assert register_scorer(trained, name=scorer.name) == scorer


def test_a_run_that_is_not_finished_becomes_none(trained: TrainingRun):
    trained.status = "running"
    with pytest.raises(TrainingRefused, match="Only finished runs of the job prm"):
        register_scorer(trained, name="x")


def test_a_taken_name_is_refused_with_a_sentence(trained: TrainingRun):
    from tests.factories import make_scorer

    make_scorer("taken", threshold=0.5)
    with pytest.raises(TrainingRefused, match="already a scorer"):
        register_scorer(trained, name="taken")
