import pytest

from inference.backends.interface import BackendError, Finding, Recipe, TraceText
from inference.shards.evaluate import error_summary, evaluate_batch, validate_finding
from tests.inference.scripted import ScriptedBackend

TRACE = TraceText("p", ["a", "b"])


def traces(*problems: str) -> list[TraceText]:
    return [TraceText(problem, ["right", "WRONG"]) for problem in problems]


def test_a_poisonous_trace_costs_no_other_its_verdict():
    given = traces("a", "b", "poison", "c", "d", "poison", "e")
    findings = evaluate_batch(ScriptedBackend(Recipe("scripted")), given)
    assert [f.earliest_error for f in findings] == [1, 1, None, 1, 1, None, 1]
    assert findings[2].failure == ("The backend failed on this trace: RuntimeError: a shape is odd")


def test_a_single_poisonous_trace_is_a_failure_too():
    (finding,) = evaluate_batch(ScriptedBackend(Recipe("scripted")), traces("poison"))
    assert finding.earliest_error is None


@pytest.mark.parametrize("model", ["broken", "forgetful"])
def test_a_backend_that_stops_on_every_trace_is_an_error(model: str):
    with pytest.raises(BackendError, match="The backend fails on every trace"):
        evaluate_batch(ScriptedBackend(Recipe("scripted", model)), traces("a", "b", "c"))


def test_a_backend_that_cannot_go_on_is_not_asked_for_halves():
    with pytest.raises(BackendError, match=r"^The device is gone\.$"):
        evaluate_batch(ScriptedBackend(Recipe("scripted", "stuck")), traces("a", "b"))


def test_no_traces_give_no_findings():
    assert evaluate_batch(ScriptedBackend(Recipe("scripted")), []) == []


@pytest.mark.parametrize(
    ("finding", "failure"),
    [
        (Finding(None), "The backend gave no answer and no reason."),
        (Finding(None, scores=[1, 1], failure="No."), "No."),
        (Finding(0, failure="Cut short."), "Cut short."),
        (Finding(2), "The backend named a step that the trace does not have."),
        (Finding(-2), "The backend named a step that the trace does not have."),
        (Finding(0, scores=[0.1]), "The number of scores is not the number of steps."),
        (Finding(0, scores=[]), "The number of scores is not the number of steps."),
        (Finding(0, scores=[0.1, float("nan")]), "A score is not a finite number."),
        (Finding(0, scores=[0.1, float("inf")]), "A score is not a finite number."),
    ],
)
def test_what_cannot_be_believed_is_a_failure_without_numbers(finding: Finding, failure: str):
    assert validate_finding(finding, TRACE) == Finding(None, failure=failure)


def test_a_failure_keeps_the_tokens_that_it_cost():
    assert validate_finding(Finding(2, tokens=7), TRACE).tokens == 7


def test_a_good_finding_is_kept():
    finding = Finding(1, scores=[1, 0.25], error_type="calculation", explanation="so")
    assert validate_finding(finding, TRACE) == finding
    assert validate_finding(Finding(-1), TRACE) == Finding(-1)


def test_a_reason_is_one_short_line():
    assert error_summary(ValueError()) == "ValueError"
    assert error_summary(ValueError("a\0b\nc")) == "ValueError: ab"
    assert len(error_summary(ValueError("x" * 999))) == 301
