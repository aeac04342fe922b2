"""What a model wrote, stored with the verdict that was read from it."""

import pytest

from inference.backends.interface import Finding, Output
from inference.models import RawOutput, ScoringRun
from inference.runs.start import start_run
from inference.shards.results import Cost, record_verdicts
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import claim_next, scripted_scorer
from traces.models import Trace, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]

SAID = Output("so \\boxed{1}\0", sample=1, label="1", finish_reason="stop", tokens_in=9)
CUT = Output("hm", step=2, part="check 1", finish_reason="length", tokens_in=9, tokens_out=4)


def run_over(traces: int) -> ScoringRun:
    dataset = make_dataset()
    for _ in range(traces):
        make_trace(dataset)
    return start_run(scripted_scorer(), dataset=dataset, created_by=None)


def record_all(run: ScoringRun, finding: Finding) -> None:
    claim = claim_next()
    findings = dict.fromkeys(claim.trace_ids, finding)
    record_verdicts(claim, findings, judge_id=run.scorer.judge_id, cost=Cost(1))


def outputs() -> list[Output]:
    return [
        Output(**{name: getattr(row, name) for name in Output.__slots__})
        for row in RawOutput.objects.order_by("verdict", "number")
    ]


def test_outputs_and_confidence_are_written_with_the_verdict_to_the_byte():
    run = run_over(2)
    record_all(run, Finding(1, confidence=0.75, outputs=(SAID, CUT)))
    assert outputs() == [SAID, CUT, SAID, CUT]
    assert set(RawOutput.objects.values_list("run_id", flat=True)) == {run.pk}
    assert set(Verdict.objects.values_list("confidence", flat=True)) == {0.75}


def test_a_failure_keeps_its_outputs():
    record_all(run_over(1), Finding(None, failure="No answer.", outputs=(CUT,)))
    assert Verdict.objects.get().failure == "No answer."
    assert outputs() == [CUT]


def test_judging_again_replaces_the_outputs():
    run = run_over(1)
    record_all(run, Finding(1, confidence=0.5, outputs=(SAID, CUT)))
    again = start_run(run.scorer, dataset=run.dataset, created_by=None)
    record_all(again, Finding(1, outputs=(CUT,)))
    assert outputs() == [CUT]
    assert RawOutput.objects.get().run_id == again.pk
    assert Verdict.objects.get().confidence is None


def test_outputs_go_with_their_trace():
    record_all(run_over(1), Finding(1, outputs=(SAID,)))
    Trace.objects.get().delete()
    assert outputs() == []
