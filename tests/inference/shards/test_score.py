"""One shard from claim to verdicts, in the same process."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inference import tasks
from inference.backends.interface import Finding
from inference.models import ScoringRun, Shard
from inference.runs.control import cancel_run
from inference.runs.start import SHARD_SIZES, start_run
from inference.shards.claim import Claim, ClaimLost, claim_next_shard, close_run_if_over, release
from inference.shards.results import Cost, record_verdicts
from inference.shards.score import load_traces, score_next
from jobs.heartbeat import heartbeat
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import ScriptedBackend, claim_next, drain, scripted_scorer
from tests.waiting import comes_true
from traces.models import Dataset, Trace, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def run_over(*problems: str, model: str = "plain") -> ScoringRun:
    dataset = make_dataset()
    for problem in problems:
        make_trace(dataset, problem=problem, steps=["right", "WRONG", "right"])
    return start_run(scripted_scorer(model), dataset=dataset, created_by=None)


def findings_of(run: ScoringRun) -> dict[str, int | None]:
    verdicts = Verdict.objects.filter(judge=run.scorer.judge).select_related("trace__problem")
    return {v.trace.problem.text: v.earliest_error for v in verdicts}


def all_right(claim: Claim) -> dict[int, Finding]:
    return {trace_id: Finding(-1, scores=[1.0, 1.0, 1.0]) for trace_id in claim.trace_ids}


def test_a_shard_becomes_verdicts_and_its_run_finishes():
    run = run_over("a", "b")
    score_next("prm")
    run.refresh_from_db()
    shard = run.shards.get()
    assert (run.status, shard.status, shard.judged, shard.unparsable) == (
        "finished",
        "finished",
        2,
        0,
    )
    verdict = Verdict.objects.filter(trace__problem__text="a").get()
    assert verdict.earliest_error == 1
    assert verdict.scores == [0.9, 0.1, 0.9]
    assert (verdict.origin, verdict.origin_id) == ("run", run.pk)
    assert verdict.explanation.endswith("\0")
    assert run.started_at <= run.ended_at


def test_the_task_is_idempotent():
    run_over("a", "b", "mute")
    tasks.work("prm")
    rows = list(Verdict.objects.order_by("pk").values())
    shards = list(Shard.objects.values())
    tasks.work("prm")
    assert list(Verdict.objects.order_by("pk").values()) == rows
    assert list(Shard.objects.values()) == shards


def test_a_shard_that_is_gone_is_nothing_to_do():
    tasks.work("prm")
    assert Verdict.objects.count() == 0


def test_another_run_replaces_the_scorers_own_verdict():
    run = run_over("a")
    score_next("prm")
    before = Verdict.objects.get()
    Verdict.objects.update(earliest_error=0, scores=None)
    again = start_run(run.scorer, dataset=run.dataset, created_by=None)
    score_next("prm")
    after = Verdict.objects.get()
    assert (after.pk, after.earliest_error, after.origin_id) == (before.pk, 1, again.pk)


def test_scoring_again_adds_the_next_revision_to_a_withdrawn_verdict():
    run = run_over("a", "b")
    drain()
    withdrawn = Verdict.objects.filter(trace__problem__text="a")
    withdrawn.update(is_current=False, withdrawn_at=timezone.now())
    for _ in range(2):
        start_run(run.scorer, dataset=run.dataset, created_by=None)
        drain()
    found = Verdict.objects.order_by("trace__problem__text", "revision")
    assert list(found.values_list("trace__problem__text", "revision", "is_current")) == [
        ("a", 1, False), ("a", 2, True), ("b", 1, True),
    ]  # fmt: skip
    assert found[0].withdrawn_at is not None
    assert found[0].origin_id == run.pk
    assert found[1].withdrawn_at is None


def test_what_was_withdrawn_counts_as_not_judged():
    run = run_over("a", "b")
    drain()
    Verdict.objects.filter(trace__problem__text="a").update(
        is_current=False, withdrawn_at=timezone.now()
    )
    again = start_run(run.scorer, dataset=run.dataset, created_by=None, only_missing=True)
    drain()
    assert again.trace_count == 1
    assert Verdict.objects.current().filter(origin_id=again.pk).count() == 1


def test_a_poisonous_trace_gets_a_failure_and_the_others_their_verdicts():
    run = run_over("a", "poison", "b", "nan", "short", "beyond", "mute")
    score_next("prm")
    assert findings_of(run) == {
        "a": 1, "b": 1, "poison": None, "nan": None, "short": None, "beyond": None, "mute": None,
    }  # fmt: skip
    failures = dict(
        Verdict.objects.exclude(failure="").values_list("trace__problem__text", "failure")
    )
    assert failures == {
        "poison": "The backend failed on this trace: RuntimeError: a shape is odd",
        "nan": "A score is not a finite number.",
        "short": "The number of scores is not the number of steps.",
        "beyond": "The backend named a step that the trace does not have.",
        "mute": "The model said nothing.",
    }
    run.refresh_from_db()
    assert run.status == "finished"
    assert run.shards.get().unparsable == 5
    assert Verdict.objects.exclude(failure="").exclude(scores=None).count() == 0


@pytest.mark.parametrize(
    ("model", "error"),
    [
        ("stuck", "The device is gone."),
        ("broken", "The backend fails on every trace: RuntimeError: a shape is odd"),
        ("forgetful", "The backend fails on every trace: ValueError: it returned 0 findings"),
    ],
)
def test_a_shard_fails_after_three_attempts_with_its_sentence(model: str, error: str):
    run = run_over("a", "b", model=model)
    seen = []
    for _ in range(4):
        score_next("prm")
        shard = run.shards.get()
        seen.append((shard.status, shard.attempts))
    assert seen == [("queued", 1), ("queued", 2), ("failed", 3), ("failed", 3)]
    assert shard.error.startswith(error)
    run.refresh_from_db()
    assert run.status == "failed"
    assert Verdict.objects.count() == 0


def test_a_model_that_cannot_be_loaded_fails_the_whole_run_at_once(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    run = run_over("a", "b", "c", model="absent")
    for _ in range(3):
        score_next("prm")
    run.refresh_from_db()
    assert run.status == "failed"
    assert set(run.shards.values_list("status", "error")) == {
        ("failed", "The worker has no folder 'absent'.")
    }


def test_a_shard_that_others_have_done_fails_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    run = run_over("a", "b", "c")
    score_next("prm")
    claim = claim_next()
    assert claim.number == 1
    last_attempt = Claim(**{**fields(claim), "attempts_allowed": 1})
    release(last_attempt, "No model.", queue="prm", whole_run=True)
    assert list(run.shards.order_by("number").values_list("status", flat=True)) == [
        "finished", "failed", "queued",
    ]  # fmt: skip
    score_next("prm")
    run.refresh_from_db()
    assert run.status == "failed"


def fields(claim: Claim | None) -> dict:
    assert claim is not None
    return {name: getattr(claim, name) for name in Claim.__slots__}


def test_a_backend_is_loaded_once_for_many_shards(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    run_over("a", "b", "c")
    assert drain() == 3
    assert ScriptedBackend.loads == 1


def test_a_shard_is_claimed_once():
    run = run_over("a")
    assert claim_next("first").attempt == 1
    assert claim_next_shard(["prm"], backends=["scripted"], worker="second") is None
    assert run.shards.get().worker == "first"


def test_an_old_claim_cannot_write():
    run = run_over("a")
    old = claim_next()
    Shard.objects.update(status="queued")
    new = claim_next()
    assert (old.attempt, new.attempt) == (1, 2)
    with pytest.raises(ClaimLost):
        record_verdicts(old, all_right(old), judge_id=run.scorer.judge_id, cost=Cost(1))
    with pytest.raises(ClaimLost):
        release(old, "Too late.", queue="prm")
    assert Verdict.objects.count() == 0
    assert run.shards.get().status == "running"
    record_verdicts(new, all_right(new), judge_id=run.scorer.judge_id, cost=Cost(1))
    with pytest.raises(ClaimLost):
        record_verdicts(old, {}, judge_id=run.scorer.judge_id, cost=Cost(1))
    assert Verdict.objects.get().earliest_error == -1


def test_a_claim_on_a_cancelled_run_cannot_write():
    run = run_over("a")
    claim = claim_next()
    cancel_run(run)
    with pytest.raises(ClaimLost):
        record_verdicts(claim, all_right(claim), judge_id=run.scorer.judge_id, cost=Cost(1))
    assert Verdict.objects.count() == 0


def test_verdicts_that_cannot_be_written_leave_the_shard_as_it_was():
    run = run_over("a", "b")
    claim = claim_next()
    broken = all_right(claim) | {claim.trace_ids[-1]: Finding(99)}
    with pytest.raises(Exception, match="verdict_label_in_range"), transaction.atomic():
        record_verdicts(claim, broken, judge_id=run.scorer.judge_id, cost=Cost(1))
    assert Verdict.objects.count() == 0
    assert run.shards.get().status == "running"


def test_a_trace_deleted_meanwhile_is_left_out():
    run = run_over("a", "b")
    claim = claim_next()
    Trace.objects.filter(pk=claim.trace_ids[0]).delete()
    record_verdicts(claim, all_right(claim), judge_id=run.scorer.judge_id, cost=Cost(1))
    assert run.shards.get().judged == 1
    assert list(load_traces(claim.trace_ids)) == claim.trace_ids[1:]


def test_a_run_with_open_shards_is_not_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    run = run_over("a", "b")
    score_next("prm")
    close_run_if_over(run.pk)
    run.refresh_from_db()
    assert run.status == "running"


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_keeps_a_claim_fresh_and_notices_its_loss():
    run = run_over("a")
    claim = claim_next()
    first = run.shards.get().heartbeat_at
    with heartbeat(claim.job, every=0.02, loss=ClaimLost) as beat:
        assert comes_true(lambda: run.shards.get().heartbeat_at > first)
        beat.check()
        cancel_run(run)
        with pytest.raises(ClaimLost):
            assert comes_true(lambda: beat.check())


@pytest.mark.django_db(transaction=True)
def test_two_last_shards_at_once_close_the_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    for _ in range(5):
        run = run_over("a", "b")
        start = threading.Barrier(2)

        def work(start: threading.Barrier = start) -> None:
            start.wait()
            score_next("prm")
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        run.refresh_from_db()
        assert run.status == "finished"
        Dataset.objects.all().delete()


def test_the_numbers_hear_of_a_run_that_is_over(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr("inference.shards.dispatch.enqueue", told.append)
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    run_over("a", "b")
    with django_capture_on_commit_callbacks(execute=True):
        score_next("prm")
    assert told == []
    with django_capture_on_commit_callbacks(execute=True):
        score_next("prm")
    assert told == ["metrics.update_summaries"]
