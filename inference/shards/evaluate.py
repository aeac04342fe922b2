"""One usable finding a trace from any backend, whatever it does.

Nothing here knows the database.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from inference.backends.cancellation import Cancelled
from inference.backends.interface import NO_ERROR, Backend, BackendError, Finding, TraceText
from traces.surrogates import LONE_SURROGATE, replace_surrogates

LONGEST_REASON = 300


def evaluate_batch(backend: Backend, traces: Sequence[TraceText]) -> list[Finding]:
    """Return one finding a trace, in order; a trace that stops the backend gets a failure.

    Raises BackendError if the backend can't continue, or stops on every trace, and Cancelled if the
    findings are no longer wanted.
    """
    outcomes = _judge_or_bisect(backend, traces)
    stopped = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    if stopped and len(stopped) == len(traces) > 1:
        raise BackendError(
            f"The backend fails on every trace: {error_summary(stopped[0])}"
        ) from stopped[0]
    return [
        Finding(None, failure=f"The backend failed on this trace: {error_summary(outcome)}")
        if isinstance(outcome, Exception)
        else validate_finding(outcome, trace)
        for outcome, trace in zip(outcomes, traces, strict=True)
    ]


def validate_finding(finding: Finding, trace: TraceText) -> Finding:
    """Return the finding, or a failure that says why it is invalid. Never a made-up number."""
    finding = _without_surrogates(finding)
    reason = _invalid_reason(finding, steps=len(trace.steps))
    if reason:
        return Finding(None, failure=reason, tokens=finding.tokens, outputs=tuple(finding.outputs))
    if finding.scores is None:
        return finding
    return replace(finding, scores=[float(score) for score in finding.scores])


def _invalid_reason(finding: Finding, *, steps: int) -> str:
    """Return the reason why the finding is invalid, or an empty string."""
    if finding.earliest_error is None:
        return finding.failure or "The backend gave no answer and no reason."
    if finding.failure:
        return finding.failure
    if not NO_ERROR <= finding.earliest_error < steps:
        return "The backend named a step that the trace does not have."
    if finding.scores is None:
        return ""
    if len(finding.scores) != steps:
        return "The number of scores is not the number of steps."
    if not all(math.isfinite(score) for score in finding.scores):
        return "A score is not a finite number."
    return ""


def _without_surrogates(finding: Finding) -> Finding:
    texts = [finding.error_type, finding.explanation, finding.failure]
    for output in finding.outputs:
        texts += [output.text, output.label, output.part, output.finish_reason]
    if not any(map(LONE_SURROGATE.search, texts)):
        return finding
    return replace(
        finding,
        error_type=replace_surrogates(finding.error_type),
        explanation=replace_surrogates(finding.explanation),
        failure=replace_surrogates(finding.failure),
        outputs=tuple(
            replace(
                output,
                text=replace_surrogates(output.text),
                label=replace_surrogates(output.label),
                part=replace_surrogates(output.part),
                finish_reason=replace_surrogates(output.finish_reason),
            )
            for output in finding.outputs
        ),
    )


def error_summary(error: Exception) -> str:
    """Return an exception in one line that fits a table and PostgreSQL."""
    lines = str(error).replace("\0", "").strip().splitlines()
    reason = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return reason if len(reason) <= LONGEST_REASON else reason[:LONGEST_REASON] + "…"


def _judge_or_bisect(backend: Backend, traces: Sequence[TraceText]) -> list[Finding | Exception]:
    """Judge the traces; halve a batch that raises, down to the traces that cause it."""
    try:
        findings = backend.judge(traces)
        if len(findings) != len(traces):
            raise ValueError(f"it returned {len(findings)} findings for {len(traces)} traces")
    except (BackendError, Cancelled):
        raise
    except Exception as error:
        if len(traces) == 1:
            return [error]
        middle = len(traces) // 2
        return [
            *_judge_or_bisect(backend, traces[:middle]),
            *_judge_or_bisect(backend, traces[middle:]),
        ]
    return list(findings)
