import pytest

from metrics.models import Freshness, Profile, TraceSnapshot
from metrics.summaries import refresh
from metrics.summaries.verify import VerifyResult, verify_summaries
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from traces.models import Judge, Trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged() -> tuple[Judge, list[Trace]]:
    dataset, reference = make_dataset()
    judge, traces = make_model("prm"), label_traces(dataset, reference, "s", [-1, 1])
    judge_traces(judge, traces, [-1, None])
    refresh.update()
    return judge, traces


def test_summaries_of_nothing_agree() -> None:
    assert verify_summaries() == VerifyResult(0, {})


def test_fresh_summaries_agree(judged: tuple[Judge, list[Trace]]) -> None:
    assert verify_summaries() == VerifyResult(2, {})


def test_a_wrong_total_differs_by_the_stored_and_the_true_row(
    judged: tuple[Judge, list[Trace]],
) -> None:
    judge, _ = judged
    Profile.objects.filter(judge_id=judge.pk, label=-1).update(n=9)
    assert verify_summaries().differences == {"metrics_profile": 2}


def test_a_missing_fact_differs_and_so_do_the_counts_of_it(
    judged: tuple[Judge, list[Trace]],
) -> None:
    TraceSnapshot.objects.filter(trace_id=judged[1][0].pk).delete()
    differences = verify_summaries().differences
    assert differences["metrics_tracesnapshot"] == 1
    assert differences["metrics_freshness"] == 1
    assert differences["metrics_profile"] > 0


def test_a_wrong_number_of_traces_differs(judged: tuple[Judge, list[Trace]]) -> None:
    Freshness.objects.update(traces=3)
    assert verify_summaries().differences == {"metrics_freshness": 1}


def test_a_waiting_change_is_no_difference(judged: tuple[Judge, list[Trace]]) -> None:
    judge, traces = judged
    judge.verdicts.filter(trace=traces[0]).update(earliest_error=3)
    assert refresh.pending(10) > 0
    assert verify_summaries().differences == {}
