from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inference.models import Scorer
from inference.runs.start import start_run
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import drain, scripted_scorer
from traces.models import Dataset, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]
# By problem: the scores that the model gave. `mute` gave none.
SCORES = {
    "low early": [0.3, 0.9, 0.2],
    "low late": [0.9, 0.6, 0.4],
    "high": [0.9, 0.8, 0.7],
    "exact": [0.9, 0.6, 0.6],
}


@pytest.fixture
def dataset() -> Dataset:
    made = make_dataset()
    for problem in [*SCORES, "mute"]:
        make_trace(made, problem=problem, steps=["a", "b", "c"])
    return made


@pytest.fixture
def source(dataset: Dataset) -> Scorer:
    """Has judged them all, at the threshold 0.5."""
    scorer = scripted_scorer()
    start_run(scorer, dataset=dataset, created_by=None)
    drain()
    for problem, scores in SCORES.items():
        Verdict.objects.filter(trace__problem__text=problem).update(scores=scores)
    return scorer


def test_the_command_says_what_it_did(source: Scorer):
    out = StringIO()
    call_command("rethreshold", source.name, threshold=0.6, name="by hand", stdout=out)
    assert "by hand: 5 verdicts at the threshold 0.6" in out.getvalue()
    with pytest.raises(CommandError, match="No scorer 'nobody'"):
        call_command("rethreshold", "nobody", threshold=0.6, name="x")
