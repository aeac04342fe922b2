import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inference.errors import ScoringRefused
from inference.models import Shard
from inference.runs.control import cancel_run, retry_failed
from inference.runs.start import SHARD_SIZES, start_run
from inference.runs.statistics import run_progress
from inference.scorers.registry import builtin_scorer
from inference.shards.score import score_next
from tests.factories import make_dataset, make_trace, make_user, make_verdict
from tests.inference.scripted import ScriptedBackend, scored, scripted_scorer
from traces.models import Dataset, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHARD_SIZES, "prm", 3)


def dataset_of(count: int) -> Dataset:
    """Return a dataset with the traces of two problems, imported by turns."""
    dataset = make_dataset()
    for number in range(count):
        make_trace(dataset, problem=f"problem {number % 2}", steps=["right", "WRONG"])
    return dataset


def test_a_run_covers_every_trace_once_with_a_problems_traces_together(small_shards: None):
    dataset = dataset_of(8)
    run = start_run(scripted_scorer(), dataset=dataset, created_by=make_user())
    shards = list(run.shards.order_by("number"))
    assert [len(shard.trace_ids) for shard in shards] == [3, 3, 2]
    ids = [trace_id for shard in shards for trace_id in shard.trace_ids]
    in_order = dataset.traces.order_by("problem_id", "id").values_list("id", flat=True)
    assert ids == list(in_order)
    assert (run.status, run.trace_count) == ("queued", 8)


def test_cutting_costs_the_same_queries_for_any_number_of_traces(small_shards: None):
    counts = []
    for traces in (3, 30):
        dataset = dataset_of(traces)
        scorer = scripted_scorer()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            start_run(scorer, dataset=dataset, created_by=None)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_scorers_queue_is_woken_on_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("inference.shards.dispatch.notify_workers", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        start_run(builtin_scorer("arithmetic"), dataset=dataset_of(2), created_by=None)
        assert sent == []
    assert sent == ["checker"]


def test_an_empty_dataset_is_finished_at_once():
    run = start_run(scripted_scorer(), dataset=make_dataset(), created_by=None)
    assert (run.status, run.trace_count, run.shards.count()) == ("finished", 0, 0)
    assert run.ended_at is not None
    assert run_progress(run).rate is None


def test_a_second_run_of_the_same_scorer_is_refused_while_the_first_goes():
    dataset = dataset_of(1)
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    with pytest.raises(ScoringRefused, match=rf"in run {run.pk} \(queued\)\. Wait for it"):
        start_run(scripted_scorer(), dataset=dataset, created_by=None)
    scored(run)
    start_run(scripted_scorer(), dataset=dataset, created_by=None)


def test_only_missing_leaves_out_what_the_scorer_judged():
    dataset = dataset_of(3)
    first, second, third = dataset.traces.order_by("pk")
    scorer = scripted_scorer()
    make_verdict(first, scorer.judge, -1)
    make_verdict(second, builtin_scorer("arithmetic").judge, -1)
    run = start_run(scorer, dataset=dataset, created_by=None, only_missing=True)
    ids = [trace_id for shard in run.shards.all() for trace_id in shard.trace_ids]
    assert sorted(ids) == [second.pk, third.pk]


def test_a_cancelled_run_is_not_scored():
    run = start_run(scripted_scorer(), dataset=dataset_of(2), created_by=None)
    said = cancel_run(run)
    assert said == (
        f"Run {run.pk} cancelled: 1 shard will not be scored. The verdicts of 0 shards stay."
    )
    assert run.status == "cancelled"
    assert scored(run).status == "cancelled"
    assert Verdict.objects.count() == 0
    with pytest.raises(ScoringRefused, match="is already"):
        cancel_run(run)


def test_failed_shards_are_tried_again_and_the_run_finishes(monkeypatch: pytest.MonkeyPatch):
    run = start_run(scripted_scorer("stuck"), dataset=dataset_of(2), created_by=None)
    for _ in range(3):
        scored(run)
    assert run.status == "failed"
    assert run_progress(run).errors[0].error == "The device is gone."
    assert run_progress(run).errors[0].traces == 2
    assert retry_failed(run) == (f"Run {run.pk} retried: 1 shard queued again.")
    assert run.status == "running"
    assert run.ended_at is None
    monkeypatch.setattr(ScriptedBackend, "device_gone", False)
    assert scored(run).status == "finished"
    assert run.shards.get().attempts == 4
    assert run_progress(run).errors == []


def test_a_run_without_failed_shards_is_not_tried_again():
    run = start_run(scripted_scorer(), dataset=dataset_of(1), created_by=None)
    with pytest.raises(ScoringRefused, match="no failed shards"):
        retry_failed(run)
    assert run.shards.get().status == Shard.Status.QUEUED


def test_progress_counts_and_names_failures(small_shards: None):
    dataset = make_dataset()
    for problem in ["a", "b", "c", "mute 1", "nan", "mute 2", "d"]:
        make_trace(dataset, problem=problem)
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    score_next("prm")
    run.refresh_from_db()
    state = run_progress(run)
    assert (state.traces, state.judged, state.shards, state.shards_done) == (7, 3, 3, 1)
    state = run_progress(scored(run))
    assert (state.judged, state.unparsable, state.answered) == (7, 3, 4)
    assert state.seconds_left is None
    assert state.rate is not None
    muted = dataset.traces.filter(problem__text__startswith="mute").order_by("pk").first()
    assert [(f.reason, f.count) for f in state.failures] == [
        ("The model said nothing.", 2),
        ("A score is not a finite number.", 1),
    ]
    assert muted is not None
    assert state.failures[0].example_trace_id == muted.pk


def test_the_time_left_is_that_of_the_shards_still_open(small_shards: None):
    dataset = dataset_of(12)
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    done, failed, running, waiting = run.shards.order_by("number")
    Shard.objects.filter(pk=done.pk).update(
        status="finished", judged=2, seconds=1.0
    )  # one was deleted
    Shard.objects.filter(pk=failed.pk).update(status="failed", error="Gone.")
    Shard.objects.filter(pk=running.pk).update(status="running")
    state = run_progress(run)
    assert state.rate == 2.0
    assert state.seconds_left == 3.0
    Shard.objects.filter(pk__in=[running.pk, waiting.pk]).update(status="finished")
    assert run_progress(run).seconds_left is None
