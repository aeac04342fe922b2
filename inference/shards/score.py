"""Scoring one shard: claim it, judge its traces, record the verdicts."""

import logging
import time

from django.db import DatabaseError, connection
from django.db.models.expressions import RawSQL

from database.retry import retry_on_connection_loss
from inference.backends.cancellation import cancellable
from inference.backends.interface import BackendError, Finding, Recipe, TraceText
from inference.models import Scorer
from inference.scorers.registry import recipe_of
from inference.shards.claim import (
    HEARTBEAT_SECONDS,
    Claim,
    ClaimLost,
    claim_next_shard,
    release,
)
from inference.shards.evaluate import error_summary, evaluate_batch
from inference.shards.results import Cost, record_verdicts
from inference.workers import identity
from inference.workers.model_cache import NotLoaded, loaded_backend, loaded_scorer_ids
from jobs.heartbeat import Heartbeat, heartbeat
from traces.models import Trace
from traces.surrogates import replace_surrogates

logger = logging.getLogger(__name__)

# Traces that a backend gets at once, unless it says what it wants. Between two windows the worker
# looks whether its claim still holds.
WINDOW = 50


def score_next(queue: str) -> bool:
    """Score the most urgent shard that waits for this worker. Return False if none waits.

    It may be on that queue, or on another that the worker serves too.
    """
    me = identity.this_worker()
    claim = claim_next_shard(
        {queue, *me.queues}, backends=me.backends, worker=me.name, held=loaded_scorer_ids()
    )
    if claim is None:
        return False
    score_shard(claim)
    return True


def score_shard(claim: Claim, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
    """Judge the shard and write down what was found, or why it was not."""
    scorer = retry_on_connection_loss(lambda: Scorer.objects.get(pk=claim.scorer_id))
    try:
        with heartbeat(claim.job, every=heartbeat_seconds, loss=ClaimLost) as beat:
            findings, cost = _judge_shard(claim, recipe_of(scorer), beat)
            retry_on_connection_loss(
                lambda: record_verdicts(claim, findings, judge_id=scorer.judge_id, cost=cost)
            )
    except ClaimLost:
        logger.info("Shard %s was cancelled or taken over", claim.shard_id)
    except BackendError as error:
        logger.warning("Shard %s: %s", claim.shard_id, replace_surrogates(str(error)))
        whole_run = isinstance(error, NotLoaded)
        _release(claim, str(error), queue=scorer.queue, whole_run=whole_run)
    except Exception as error:
        logger.exception("Shard %s could not be scored", claim.shard_id)
        _release(claim, f"The worker failed: {error_summary(error)}", queue=scorer.queue)


def load_traces(trace_ids: list[int]) -> dict[int, TraceText]:
    """Return the traces' texts by id, in the order of the ids; a deleted trace is left out."""
    # Columns rather than objects, and one array rather than hundreds of parameters: a program
    # judges faster than its traces are read.
    wanted = RawSQL("SELECT unnest(%s::bigint[])", [trace_ids])
    rows = Trace.objects.filter(pk__in=wanted).values_list(
        "pk", "problem__text", "steps", "problem__reference_answer", "final_answer"
    )
    found = {trace_id: TraceText(*seen) for trace_id, *seen in rows}  # type: ignore[arg-type]
    return {trace_id: found[trace_id] for trace_id in trace_ids if trace_id in found}


def _judge_shard(claim: Claim, wanted: Recipe, beat: Heartbeat) -> tuple[dict[int, Finding], Cost]:
    """Return the findings by trace id, and the cost. The time starts with the model loaded."""
    with loaded_backend(wanted, claim.scorer_id) as backend:
        device = str(getattr(backend, "device", ""))
        retry_on_connection_loss(lambda: identity.report_loaded_model(claim.scorer_id, device))
        started = time.monotonic()
        traces = retry_on_connection_loss(lambda: load_traces(claim.trace_ids))
        ids = list(traces)
        findings: dict[int, Finding] = {}
        size = getattr(backend, "window", WINDOW) or max(1, len(ids))
        with cancellable(beat.check):
            for start in range(0, len(ids), size):
                beat.check()
                window = ids[start : start + size]
                judged = evaluate_batch(backend, [traces[i] for i in window])
                findings |= zip(window, judged, strict=True)
        seconds = time.monotonic() - started
    return findings, Cost(seconds, gpu_seconds=seconds * _gpus(device))


def _gpus(device: str) -> int:
    return sum(name.strip().startswith("cuda") for name in device.split(","))


def _release(claim: Claim, reason: str, *, queue: str, whole_run: bool = False) -> None:
    reason = replace_surrogates(reason.replace("\0", ""))  # an endpoint's own words may be in it
    try:
        retry_on_connection_loss(lambda: release(claim, reason, queue=queue, whole_run=whole_run))
    except ClaimLost:
        logger.info("Shard %s was cancelled or taken over", claim.shard_id)
    except DatabaseError as error:
        # It goes back by itself once its heartbeat is old.
        logger.warning("Shard %s couldn't be returned: %s", claim.shard_id, error)
        connection.close()
