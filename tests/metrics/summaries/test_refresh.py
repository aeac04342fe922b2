import random
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.models import (
    Freshness,
    PairCount,
    PendingChange,
    ProblemProfile,
    Profile,
    TraceSnapshot,
)
from metrics.summaries import refresh, verify
from tests import factories
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from traces.models import Dataset, Judge, Trace, Verdict
from traces.segmentation.resegment import resegment

LABELS = [-1, -1, 0, 1, 4]
FOUND = [-1, 2, 0, None, 4]


@pytest.fixture
def judged(db: None) -> tuple[Dataset, Judge]:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "s", LABELS), FOUND)
    return dataset, judge


def test_update_takes_in_every_verdict(judged: tuple[Dataset, Judge]) -> None:
    dataset, judge = judged
    assert refresh.pending(100) == 15
    assert refresh.update() == {dataset.pk}
    assert PendingChange.objects.count() == 0
    assert Freshness.objects.get(dataset_id=dataset.pk).traces == 5
    pairs = PairCount.objects.values_list("first_label", "second_label", "n")
    assert sorted(pairs) == [(-1, -1, 1), (-1, 2, 1), (0, 0, 1), (1, -2, 1), (4, 4, 1)]
    kinds = ProblemProfile.objects.filter(judge_id=judge.pk)
    assert sorted(
        kinds.values_list("erroneous", "erroneous_found", "correct", "correct_found", "n")
    ) == [(0, 0, 1, 0, 1), (0, 0, 1, 1, 1), (1, 0, 0, 0, 1), (1, 1, 0, 0, 2)]
    assert sum(Profile.objects.filter(judge_id=judge.pk).values_list("n", flat=True)) == 5
    assert verify.verify_summaries().differences == {}


def test_update_is_idempotent(judged: tuple[Dataset, Judge]) -> None:
    refresh.update()
    version = Freshness.objects.get().version
    assert refresh.update() == set()
    assert Freshness.objects.get().version == version


def test_update_follows_a_changed_mind_a_cut_and_a_deletion(judged: tuple[Dataset, Judge]) -> None:
    dataset, judge = judged
    refresh.update()
    first, second, third = Trace.objects.order_by("pk")[:3]
    Verdict.objects.filter(trace=first, judge=judge).update(is_current=False)
    resegment(second, ["step 0 step 1", "step 2", "step 3", "step 4"])
    third.delete()
    assert refresh.update() == {dataset.pk}
    assert verify.verify_summaries().differences == {}
    facts = dict(TraceSnapshot.objects.values_list("trace_id", "judges"))
    assert facts[first.pk] == [dataset.reference_judge.pk]
    assert second.pk not in facts
    assert third.pk not in facts
    assert Freshness.objects.get().traces == 4


def test_a_dataset_that_is_gone_leaves_no_counts(judged: tuple[Dataset, Judge]) -> None:
    dataset, _ = judged
    refresh.update()
    dataset.delete()
    refresh.update()
    assert not PairCount.objects.exists()
    assert not Profile.objects.exists()
    assert not TraceSnapshot.objects.exists()
    assert verify.verify_summaries().differences == {}


def test_catch_up_leaves_much_to_the_background(judged: tuple[Dataset, Judge]) -> None:
    assert refresh.apply_small_backlog() == 0
    dataset, _ = judged
    label_traces(dataset, dataset.reference_judge, "t", [-1] * 101)
    Freshness.objects.update(traces=1_000_000)
    assert refresh.apply_small_backlog() == 202
    assert PendingChange.objects.count() == 202
    Freshness.objects.update(traces=5)
    assert refresh.apply_small_backlog() == 0


def test_rebuild_counts_what_the_changes_added_up_to(judged: tuple[Dataset, Judge]) -> None:
    refresh.update()
    before = sorted(PairCount.objects.values_list("first_label", "second_label", "n"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE metrics_paircount SET n = n + 1")
        cursor.execute("DELETE FROM metrics_tracesnapshot WHERE trace_id % 2 = 0")
    wrong = verify.verify_summaries().differences
    assert wrong["metrics_paircount"] > 0
    assert wrong["metrics_tracesnapshot"] > 0
    with pytest.raises(CommandError, match="--rebuild"):
        call_command("check_summaries")
    call_command("check_summaries", rebuild=True)
    assert sorted(PairCount.objects.values_list("first_label", "second_label", "n")) == before


# What a column of texts can hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)
WRITES = (
    *("judge", "withdraw", "revise", "forget", "cut", "delete", "answer"),
    *("take_in", "subset", "merge", "scores", "other"),
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.django_db
def test_summaries_equal_the_truth_after_any_writes(data: st.DataObject) -> None:
    with transaction.atomic():
        dataset, reference = make_dataset(f"d{data.draw(st.integers(0, 10**9))}")
        judges = [reference, make_model("a"), make_model("b")]
        for number in range(data.draw(st.integers(1, 12))):
            problem = f"problem {number % 3}"
            trace = factories.make_trace(dataset, problem=problem, subset=str(number % 2))
            factories.make_verdict(trace, reference, data.draw(st.integers(-1, 2)))
        for write in data.draw(st.lists(st.sampled_from(WRITES), max_size=12)):
            _write(write, dataset, judges, data)
        refresh.update()
        assert verify.verify_summaries().differences == {}
        # A newer cut before the one that it was cut from.
        for trace in dataset.traces.order_by("-pk"):
            trace.delete()
        dataset.delete()
        refresh.update()
        assert verify.verify_summaries().differences == {}
        assert not TraceSnapshot.objects.filter(dataset_id=dataset.pk).exists()
        transaction.set_rollback(True)


def _write(write: str, dataset: Dataset, judges: list[Judge], data: st.DataObject) -> None:
    if write == "take_in":
        refresh.apply_changes(data.draw(st.integers(1, 5)))
    traces = list(dataset.traces.current_segmentations().order_by("pk"))
    if not traces:
        return
    trace = data.draw(st.sampled_from(traces))
    judge = data.draw(st.sampled_from(judges))
    current = trace.verdicts.filter(judge=judge, is_current=True)
    if write == "judge":
        label = data.draw(st.none() | st.integers(-1, trace.step_count - 1))
        failure = "odd" if label is None else ""
        known = current.update(earliest_error=label, failure=failure)
        if not known and not trace.verdicts.filter(judge=judge).exists():
            factories.make_verdict(trace, judge, label)
    elif write == "withdraw":
        current.update(is_current=False)
    elif write == "revise":
        for verdict in current:
            current.update(is_current=False)
            verdict.pk, verdict.revision, verdict.failure = None, verdict.revision + 1, ""
            verdict.earliest_error = data.draw(st.integers(-1, trace.step_count - 1))
            verdict.save()
    elif write == "forget":
        judge.verdicts.all().delete()
    elif write == "merge":
        dataset.traces.filter(pk=trace.pk).update(problem=traces[0].problem)
    elif write == "scores":
        current.update(scores=[0.5] * trace.step_count, error_type=data.draw(st.text("ab")))
    elif write == "other":
        factories.make_verdict(factories.make_trace(problem="one more"), judges[1], 0)
    elif write == "cut" and trace.step_count > 1:
        resegment(trace, [" ".join(trace.steps)])
    elif write == "delete":
        trace.delete()
    elif write == "answer":
        dataset.traces.filter(pk=trace.pk).update(final_answer_correct=data.draw(st.booleans()))
    elif write == "subset":
        dataset.problems.filter(pk=trace.problem_id).update(subset=data.draw(TEXTS))


@pytest.fixture
def two_threads(transactional_db: None) -> Iterator[None]:
    yield
    connection.close()


def test_no_change_is_lost_while_several_write_and_two_take_in(two_threads: None) -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", LABELS * 8)
    judges = [make_model(name) for name in "abc"]
    start = Barrier(5)

    def judging(judge: Judge, seed: int) -> None:
        choose = random.Random(seed)
        start.wait()
        for trace in traces:
            # Several verdicts in a transaction that ends later than others which began after it.
            with transaction.atomic():
                factories.make_verdict(trace, judge, choose.randint(-1, 4))
                Verdict.objects.filter(trace=traces[0], judge=judge).update(
                    earliest_error=choose.randint(-1, 4)
                )
        connection.close()

    def taking_in() -> None:
        start.wait()
        for _ in range(25):
            refresh.apply_changes(7)
        connection.close()

    threads = [Thread(target=judging, args=(judge, i)) for i, judge in enumerate(judges)]
    threads += [Thread(target=taking_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify.verify_summaries().differences == {}
    refresh.update()
    assert verify.verify_summaries().differences == {}
    assert sum(Profile.objects.values_list("n", flat=True)) == 4 * len(traces)
