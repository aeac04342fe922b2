from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from metrics.models import PairCount, PendingChange, TraceSnapshot
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _judged() -> None:
    dataset, reference = make_dataset()
    judge_traces(make_model("prm"), label_traces(dataset, reference, "s", [-1, 1]), [-1, None])


def check(**options: bool) -> str:
    out = StringIO()
    call_command("check_summaries", stdout=out, **options)
    return out.getvalue()


def test_waiting_changes_are_applied_before_the_check() -> None:
    assert check() == "The summaries of 2 traces agree with the verdicts.\n"
    assert PendingChange.objects.count() == 0


def test_a_difference_is_an_error_that_names_the_tables_and_the_remedy() -> None:
    check()
    PairCount.objects.update(n=7)
    TraceSnapshot.objects.all()[:1].get().delete()
    with pytest.raises(CommandError) as refused:
        check()
    assert "1 of metrics_tracesnapshot" in str(refused.value)
    assert "of metrics_paircount" in str(refused.value)
    assert "Run `misstep check_summaries --rebuild`" in str(refused.value)


def test_a_rebuild_corrects_the_summaries() -> None:
    check()
    PairCount.objects.update(n=7)
    assert check(rebuild=True) == "The summaries of 2 traces agree with the verdicts.\n"
    assert sorted(PairCount.objects.values_list("n", flat=True)) == [1, 1]
