"""A backend that does what the trace's own text says, the real interface and nothing more."""

import os
import time
from collections.abc import Sequence

import pytest

from inference.backends import BACKENDS, BackendEntry
from inference.backends.interface import BackendError, Finding, Recipe, TraceText
from inference.models import Scorer, ScoringRun, Worker
from inference.scorers.registry import get_or_create_scorer
from inference.shards.claim import Claim, claim_next_shard
from inference.shards.score import score_next
from inference.workers.model_cache import unload_all

ENTRY = BackendEntry(
    "tests.inference.scripted.ScriptedBackend", "prm", "does as told", default_threshold=0.5
)


class ScriptedBackend:
    """The first step with WRONG in it is the error. Problems with other words go otherwise."""

    loads = 0
    device_gone = True

    def __init__(self, recipe: Recipe) -> None:
        ScriptedBackend.loads += 1
        if recipe.model == "absent":
            raise BackendError("The worker has no folder 'absent'.")
        self.recipe = recipe

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        if self.recipe.model == "stuck" and self.device_gone:
            raise BackendError("The device is gone.")
        if self.recipe.model == "broken" or any("poison" in trace.problem for trace in traces):
            raise RuntimeError("a shape is odd\nand so on")
        if self.recipe.model == "slow":
            time.sleep(0.1 * len(traces))
        if self.recipe.model == "brief":
            time.sleep(0.002 * len(traces))
        if self.recipe.model == "forgetful":
            return []
        return [self._finding(trace) for trace in traces]

    def _finding(self, trace: TraceText) -> Finding:
        wrong = ["WRONG" in step for step in trace.steps]
        scores = [0.1 if w else 0.9 for w in wrong]
        error = wrong.index(True) if any(wrong) else -1
        if "nan" in trace.problem:
            scores[0] = float("nan")
        if "short" in trace.problem:
            scores = scores[1:]
        if "beyond" in trace.problem:
            error = len(scores)
        if "mute" in trace.problem:
            return Finding(None, failure="The model said nothing.\0")
        return Finding(
            error, scores=scores, explanation=f"by {os.getpid()}\0", tokens=len(trace.steps)
        )


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKENDS, "scripted", ENTRY)
    unload_all()
    ScriptedBackend.loads = 0


def scripted_scorer(model: str = "plain") -> Scorer:
    return get_or_create_scorer(f"scripted-{model}", backend="scripted", model=model)


def drain(*queues: str) -> int:
    """Score all that waits on the queues, or on that of the models; how many shards it was."""
    count = 0
    while any(score_next(queue) for queue in queues or ("prm",)):
        count += 1
    return count


def claim_next(worker: str = "a worker") -> Claim:
    claim = claim_next_shard(["prm"], backends=["scripted"], worker=worker)
    assert claim is not None
    return claim


def scored(run: ScoringRun) -> ScoringRun:
    """Return the run after everything on its queue was scored."""
    drain(run.scorer.queue)
    run.refresh_from_db()
    return run


def make_worker(
    name: str = "prm@here", *, queue: str = "prm", backends: tuple[str, ...] = ("scripted",)
) -> Worker:
    """Return a worker with a heartbeat of just now."""
    return Worker.objects.create(
        name=name, host="here", process=1, queues=[queue], backends=list(backends)
    )
