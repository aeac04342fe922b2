import pytest

from metrics.stats.baselines import LabelCount
from metrics.summaries.live_queries import (
    ProblemCounts,
    label_counts,
    live_counts,
    subset_name,
    verdict_counts,
)
from tests.factories import make_verdict
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model, make_trace
from traces.models import Trace

HOSTILE = "a / b' --"


def test_a_subset_is_called_by_its_name_and_among_several_datasets_by_both() -> None:
    assert subset_name("bench", HOSTILE, several=False) == HOSTILE
    assert subset_name("bench", HOSTILE, several=True) == f"bench / {HOSTILE}"
    assert subset_name("bench", "", several=True) == "bench"
    assert subset_name("bench", "", several=False) == "bench"


@pytest.mark.django_db
def test_labels_are_counted_by_subset_label_and_final_answer() -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, HOSTILE, [-1, -1, 2])
    unknown = make_trace(dataset, "u")
    make_verdict(unknown, reference, -1)
    make_verdict(make_trace(dataset, "unusable"), reference, None)
    counts = label_counts(dataset, None)
    assert list(counts) == [HOSTILE, "s"]
    assert len(counts[HOSTILE]) == 2
    assert LabelCount(-1, True, 2) in counts[HOSTILE]
    assert LabelCount(2, False, 1) in counts[HOSTILE]
    assert counts["s"] == [LabelCount(-1, None, 1)]


@pytest.mark.django_db
def test_verdicts_are_counted_by_problems_with_the_same_four_counts() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "s", [2, 2, -1]), [2, 1, None])
    counts = verdict_counts(dataset, None, None)
    assert list(counts) == [judge.pk]
    assert sorted(counts[judge.pk]) == [
        ProblemCounts(judge.pk, "bench", "s", 0, 0, 1, 0, 1, 0, 0, 0, 0, 1),
        ProblemCounts(judge.pk, "bench", "s", 1, 0, 0, 0, 1, 1, 0, 0, 0, 0),
        ProblemCounts(judge.pk, "bench", "s", 1, 1, 0, 0, 1, 0, 0, 0, 0, 0),
    ]


@pytest.mark.django_db
def test_counts_are_of_the_chosen_judges_and_traces() -> None:
    dataset, reference = make_dataset()
    first, second = make_model("first"), make_model("second")
    traces = label_traces(dataset, reference, "s", [-1, 1])
    for judge in (first, second):
        judge_traces(judge, traces, [-1, 1])
    counts = live_counts(dataset, None, judges=[second.pk], traces=[traces[0].pk])
    assert counts.labels == {"s": [LabelCount(-1, True, 1)]}
    assert list(counts.verdicts) == [second.pk]
    assert [row.correct_found for row in counts.verdicts[second.pk]] == [1]
    nothing = live_counts(dataset, None, judges=[], traces=[])
    assert (nothing.labels, nothing.verdicts) == ({}, {})


@pytest.mark.django_db
def test_any_judge_can_be_the_reference_and_an_old_segmentation_counts_nowhere() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    traces = label_traces(dataset, reference, "s", [-1, 1])
    judge_traces(judge, traces, [-1, 0])
    Trace.objects.filter(pk=traces[0].pk).update(is_current_segmentation=False)
    counts = live_counts(dataset, judge)
    assert counts.labels == {"s": [LabelCount(0, False, 1)]}
    assert [row.too_late for row in counts.verdicts[reference.pk]] == [1]
