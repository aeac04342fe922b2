"""The queries of runs."""

import pytest

from inference.models import ScoringRun
from inference.runs.start import start_run
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import scored, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def run() -> ScoringRun:
    dataset = make_dataset()
    make_trace(dataset)
    make_trace(dataset, problem="mute")
    return start_run(scripted_scorer(), dataset=dataset, created_by=None)


@pytest.mark.parametrize(
    ("status", "going", "handing_out", "over"),
    [
        ("queued", True, True, False),
        ("running", True, True, False),
        ("paused", True, False, False),
        ("finished", False, False, True),
        ("failed", False, False, True),
        ("cancelled", False, False, True),
    ],
)
def test_states(run: ScoringRun, status: str, going: bool, handing_out: bool, over: bool):
    ScoringRun.objects.update(status=status)
    run.refresh_from_db()
    assert ScoringRun.objects.going().exists() is going
    assert ScoringRun.objects.handing_out().exists() is handing_out
    assert run.is_over is over


def test_judged_traces_are_summed_in_the_same_query(run: ScoringRun, django_assert_num_queries):
    scored(run)
    with django_assert_num_queries(1):
        row = ScoringRun.objects.with_judged().get()
    assert (row.judged, row.unparsable) == (2, 1)


def test_runs_over_a_members_dataset_are_hidden_from_others(run: ScoringRun):
    user = make_user()
    assert list(ScoringRun.objects.visible_to(user)) == [run]
    run.dataset.members_only = True
    run.dataset.save()
    hidden = list(ScoringRun.objects.visible_to(user))
    assert hidden == []
    assert str(run) == f"run {run.pk}"
