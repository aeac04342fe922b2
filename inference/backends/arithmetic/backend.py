"""The arithmetic checker as a judge of traces."""

from collections.abc import Sequence

from inference.backends.arithmetic.ambiguity import has_other_arithmetic
from inference.backends.arithmetic.claims import iter_false_claims
from inference.backends.arithmetic.consequences import has_consequences
from inference.backends.interface import NO_ERROR, Finding, Recipe, TraceText


class ArithmeticBackend:
    """Finds the first step with a false equation. It needs no model and reads every trace alone.

    A finding of no error says only that no false equation was read, not that the trace is right.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        """Return one finding a trace, in order."""
        return [_finding(trace) for trace in traces]


def _finding(trace: TraceText) -> Finding:
    for index, step in enumerate(trace.steps):
        for claim in iter_false_claims(step, trace.problem):
            if has_other_arithmetic(trace.problem):
                return Finding(NO_ERROR)
            if has_consequences(trace.steps, index, claim):
                return Finding(index, error_type="calculation", explanation=claim.sentence)
    return Finding(NO_ERROR)
