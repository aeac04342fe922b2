"""Scoring one shard: claim it, judge its traces, record the verdicts."""

import logging
import os
import socket
import time

from inference.backends.base import BackendError, Finding, Recipe, TraceText
from inference.claims import HEARTBEAT_SECONDS, Claim, ClaimLost, Heartbeat, give_back, take
from inference.judging import judge_all
from inference.loaded import NotLoaded, backend_of, forget
from inference.models import Scorer
from inference.recording import record
from inference.scorers import recipe
from traces.models import Trace

logger = logging.getLogger(__name__)

# Between two of these the worker looks whether its claim still holds. A PRM batches within one.
JUDGED_AT_ONCE = 50


def score(shard_id: int, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
    """Judge the shard if it waits for it; a second call finds it taken or done and does nothing."""
    claim = take(shard_id, worker=f"{socket.gethostname()}:{os.getpid()}")
    if claim is None:
        return
    scorer = Scorer.objects.get(pk=claim.scorer_id)
    try:
        started = time.monotonic()
        with Heartbeat(claim, heartbeat_seconds) as heartbeat:
            findings = _judge(claim, recipe(scorer), heartbeat)
        seconds = time.monotonic() - started
        record(claim, findings, judge_id=scorer.judge_id, seconds=seconds)
    except BackendError as error:
        logger.warning("Shard %s: %s", shard_id, error)
        _give_back(claim, error, queue=scorer.queue)
    except ClaimLost:
        logger.info("Shard %s was cancelled or taken over", shard_id)


def texts(trace_ids: list[int]) -> dict[int, TraceText]:
    """What a judge sees of the traces, in the order of the ids; a deleted trace is left out."""
    traces = Trace.objects.select_related("problem").only("steps", "problem__text")
    found = traces.in_bulk(trace_ids)
    return {
        trace_id: TraceText(problem=trace.problem.text, steps=trace.steps)
        for trace_id in trace_ids
        if (trace := found.get(trace_id))
    }


def _judge(claim: Claim, wanted: Recipe, heartbeat: Heartbeat) -> dict[int, Finding]:
    backend = backend_of(wanted)
    traces = texts(claim.trace_ids)
    ids = list(traces)
    findings: dict[int, Finding] = {}
    try:
        for start in range(0, len(ids), JUDGED_AT_ONCE):
            heartbeat.check()
            window = ids[start : start + JUDGED_AT_ONCE]
            judged = judge_all(backend, [traces[i] for i in window])
            findings |= zip(window, judged, strict=True)
    except BackendError:
        forget(wanted)
        raise
    return findings


def _give_back(claim: Claim, error: BackendError, *, queue: str) -> None:
    try:
        give_back(claim, str(error), queue=queue, whole_run=isinstance(error, NotLoaded))
    except ClaimLost:
        logger.info("Shard %s was cancelled or taken over", claim.shard_id)
