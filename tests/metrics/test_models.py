"""The triggers that mark traces whose summaries must follow."""

import pytest

from metrics.models import PendingChange
from tests.factories import label, make_dataset, make_trace
from traces.models import Problem, Trace, Verdict

pytestmark = pytest.mark.django_db


def marked() -> list[int]:
    """Return the ids of the traces that are marked, and take the marks away."""
    ids = list(PendingChange.objects.order_by("trace_id").values_list("trace_id", flat=True))
    PendingChange.objects.all().delete()
    return ids


def test_a_trace_is_marked_when_it_is_written_changed_and_deleted():
    trace = make_trace()
    assert marked() == [trace.pk]
    Trace.objects.filter(pk=trace.pk).update(is_current_segmentation=False)
    assert set(marked()) == {trace.pk}
    number = trace.pk
    trace.delete()
    assert marked() == [number]


def test_a_statement_marks_each_trace_of_its_verdicts_once():
    dataset = make_dataset()
    traces = [make_trace(dataset) for _ in range(3)]
    judge = label(traces[0], -1).judge
    marked()
    Verdict.objects.bulk_create(
        Verdict(
            trace=trace, step_count=3, judge=judge, revision=revision, earliest_error=0,
            is_current=revision == 2 and trace != traces[0], origin=Verdict.Origin.IMPORT,
        )
        for trace in traces
        for revision in (2, 3)
    )  # fmt: skip
    assert marked() == [trace.pk for trace in traces]
    # One statement, which leaves old and new rows.
    Verdict.objects.filter(revision=3).update(error_type="numeric")
    assert marked() == sorted([trace.pk for trace in traces] * 2)
    Verdict.objects.filter(trace=traces[1]).delete()
    assert marked() == [traces[1].pk]


def test_a_verdict_that_moves_marks_both_traces():
    first, second = make_trace(), make_trace()
    verdict = label(first, -1)
    marked()
    Verdict.objects.filter(pk=verdict.pk).update(trace=second)
    assert marked() == [first.pk, second.pk]


def test_only_another_subset_of_a_problem_marks_its_traces():
    trace = make_trace()
    marked()
    Problem.objects.filter(pk=trace.problem_id).update(reference_answer="5")
    assert marked() == []
    Problem.objects.filter(pk=trace.problem_id).update(subset="another")
    assert marked() == [trace.pk]
