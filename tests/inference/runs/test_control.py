"""Pausing, going on, cancelling, trying again; and who is told."""

import pytest

from inference.backends.interface import Finding
from inference.errors import ScoringRefused
from inference.models import ScoringRun
from inference.run_log import SHOWN, latest_events, log_run_event
from inference.runs.control import (
    available_controls,
    cancel_run,
    pause_run,
    resume_run,
    retry_failed,
)
from inference.runs.start import SHARD_SIZES, start_run
from inference.shards.claim import Claim, ClaimLost, claim_next_shard
from inference.shards.results import Cost, record_verdicts
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import ScriptedBackend, claim_next, drain, scored, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ScoringRun:
    """Return a run with three shards of a trace each."""
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    return run_of(3)


def run_of(traces: int, model: str = "plain") -> ScoringRun:
    dataset = make_dataset()
    for _ in range(traces):
        make_trace(dataset)
    return start_run(scripted_scorer(model), dataset=dataset, created_by=None)


def finish(claim: Claim, run: ScoringRun) -> None:
    record_verdicts(
        claim, {claim.trace_ids[0]: Finding(-1)}, judge_id=run.scorer.judge_id, cost=Cost(1)
    )
    run.refresh_from_db()


def test_a_paused_run_ends_what_is_at_work_and_hands_out_nothing(run: ScoringRun):
    claim = claim_next()
    assert pause_run(run) == (
        f"Run {run.pk} paused: 1 shard running will finish, 2 shards queued until it resumes."
    )
    assert claim_next_shard(["prm"], backends=["scripted"], worker="x") is None
    finish(claim, run)
    assert (run.status, run.shards.filter(status="finished").count()) == ("paused", 1)
    assert resume_run(run) == f"Run {run.pk} resumed: 2 shards queued."
    assert run.status == "running"
    began = run.started_at
    assert scored(run).status == "finished"
    assert run.started_at == began


def test_a_run_that_had_not_begun_is_queued_again(run: ScoringRun):
    pause_run(run)
    resume_run(run)
    assert run.status == "queued"


def test_a_paused_run_without_a_shard_left_is_over(run: ScoringRun):
    claims = [claim_next() for _ in range(3)]
    pause_run(run)
    for claim in claims:
        finish(claim, run)
    assert run.status == "finished"


def test_a_paused_run_is_cancelled(run: ScoringRun):
    claim = claim_next()
    pause_run(run)
    cancel_run(run)
    with pytest.raises(ClaimLost):
        finish(claim, run)
    run.refresh_from_db()
    assert run.status == "cancelled"


def test_what_a_run_is_in_no_state_for_is_refused(run: ScoringRun):
    with pytest.raises(ScoringRefused, match="is queued, not paused"):
        resume_run(run)
    pause_run(run)
    with pytest.raises(ScoringRefused, match=r"is paused\. There is nothing to pause"):
        pause_run(run)
    cancel_run(run)
    for control in (pause_run, resume_run, cancel_run, retry_failed):
        with pytest.raises(ScoringRefused):
            control(run)
    assert run.status == "cancelled"


def test_failed_shards_are_tried_again_while_the_run_still_goes(
    monkeypatch: pytest.MonkeyPatch, run: ScoringRun
):
    run.shards.filter(number=0).update(status="failed", attempts=3)
    assert retry_failed(run).endswith("1 shard queued again.")
    assert run.shards.get(number=0).attempts_allowed == 6
    assert scored(run).status == "finished"


def test_the_log_tells_what_happened_and_who_asked(monkeypatch: pytest.MonkeyPatch):
    lead = make_user("ada", role="lead")
    run = run_of(1, "stuck")
    drain()
    monkeypatch.setattr(ScriptedBackend, "device_gone", False)
    retry_failed(run, by=lead)
    scored(run)
    lines = [(event.sentence, event.user) for event in reversed(latest_events(run).events)]
    assert [sentence.partition(":")[0] for sentence, _ in lines] == [
        "Requested",
        "First worker started",
        "Shard 0 queued again, attempt 1 of 3",
        "Shard 0 queued again, attempt 2 of 3",
        "Shard 0 failed, attempt 3 of 3",
        "Run failed.",
        f"Run {run.pk} retried",
        "Run finished.",
    ]
    assert [user for _, user in lines if user] == [lead]


def test_a_long_log_shows_its_end(run: ScoringRun):
    for number in range(SHOWN + 5):
        log_run_event(run.pk, f"line {number}")
    shown = latest_events(run)
    assert (len(shown.events), shown.earlier) == (SHOWN, 6)
    assert shown.events[0].sentence == f"line {SHOWN + 4}"


@pytest.mark.parametrize(
    ("status", "failed", "offered"),
    [
        ("queued", 0, ["pause", "cancel"]),
        ("running", 2, ["pause", "retry", "cancel"]),
        ("paused", 0, ["resume", "cancel"]),
        ("failed", 1, ["retry"]),
        ("finished", 0, []),
        ("cancelled", 1, []),
    ],
)
def test_what_is_offered_fits_the_state(status: str, failed: int, offered: list[str]):
    assert list(available_controls(ScoringRun(status=status), failed=failed)) == offered
