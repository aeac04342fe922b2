"""A batch with answers, failures and an endpoint that is gone."""

import pytest

from inference.backends.cancellation import Cancelled, cancellable
from inference.backends.chat import batch_outcomes
from inference.backends.chat.batch_outcomes import (
    by_problem,
    evaluate_all,
    findings_or_raise,
    outcomes_of,
)
from inference.backends.chat.client import ContextExceeded, Session, Unanswered, Unreachable
from inference.backends.interface import BackendError, Finding, TraceText
from tests.inference.backends.chat.asking import client_of
from tests.openai_server import completion, serving

TRACES = [TraceText(problem, ["s"]) for problem in ("b", "a", "b", "c")]


async def scripted(session: Session, trace: TraceText) -> Finding:
    if trace.problem == "a":
        raise Unanswered("no answer")
    if trace.problem == "c":
        raise ContextExceeded("too long")
    return Finding(0)


def test_traces_of_a_problem_follow_each_other():
    assert by_problem(TRACES) == [0, 2, 1, 3]


def test_failures_are_findings_where_others_were_answered(reachable: None):
    with serving(completion("x")) as server:
        findings = evaluate_all(client_of(server), TRACES, scripted)
    assert [finding.earliest_error for finding in findings] == [0, None, 0, None]
    assert [finding.failure for finding in findings] == ["", "no answer", "", "too long"]


def test_a_batch_without_any_answer_is_the_endpoints_fault():
    with pytest.raises(BackendError, match="no answer"):
        findings_or_raise([Unanswered("no answer"), Unanswered("no answer")])
    (finding,) = findings_or_raise([ContextExceeded("too long")])
    assert finding.failure == "too long"
    assert findings_or_raise([]) == []


def test_an_unreachable_endpoint_is_an_error_or_an_outcome(reachable: None):
    async def gone(session: Session, trace: TraceText) -> Finding:
        raise Unreachable("gone")

    with serving(completion("x")) as server:
        client = client_of(server)
        with pytest.raises(Unreachable):
            outcomes_of(client, TRACES[:1], gone)
        (outcome,) = outcomes_of(client, TRACES[:1], gone, forgiving=True)
    assert isinstance(outcome, Unreachable)


def test_cancelling_stops_the_batch(reachable: None, monkeypatch: pytest.MonkeyPatch):
    import asyncio

    monkeypatch.setattr(batch_outcomes, "WATCH_SECONDS", 0.01)

    async def endless(session: Session, trace: TraceText) -> Finding:
        await asyncio.sleep(60)
        return Finding(0)

    def stop() -> None:
        raise Cancelled

    with serving(completion("x")) as server, cancellable(stop), pytest.raises(Cancelled):
        outcomes_of(client_of(server), TRACES, endless)
