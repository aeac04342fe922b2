"""The first step whose equations contradict each other is the error."""

from collections.abc import Sequence

from inference.backends.algebra.contradictions import find_contradiction
from inference.backends.interface import NO_ERROR, Finding, Recipe, TraceText


class AlgebraBackend:
    """Needs no model."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        return [_finding(trace) for trace in traces]


def _finding(trace: TraceText) -> Finding:
    for index, step in enumerate(trace.steps):
        if found := find_contradiction(step):
            return Finding(index, error_type="calculation", explanation=found.sentence)
    return Finding(NO_ERROR)
