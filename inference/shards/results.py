"""Storage of a shard's verdicts and of the models' texts, in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from inference.backends.interface import Finding, Output
from inference.models import Shard
from inference.shards.claim import Claim, close_run_if_over, lock_claim
from traces.fields import escape_nul

FORGET = "DELETE FROM inference_rawoutput WHERE verdict_id = ANY(%s)"
INSERT = """
INSERT INTO inference_rawoutput (
    verdict_id, number, run_id, sample, step, part, text, label, finish_reason, tokens_in,
    tokens_out
)
SELECT verdict_id, number, %s, sample, step, part, text, label, finish_reason, tokens_in, tokens_out
FROM unnest(
    %s::bigint[], %s::smallint[], %s::smallint[], %s::smallint[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::integer[], %s::integer[]
) AS written (
    verdict_id, number, sample, step, part, text, label, finish_reason, tokens_in, tokens_out
)
"""


def record_outputs(outputs: Mapping[int, Sequence[Output]], *, run_id: int) -> None:
    """Store the outputs by verdict id, replacing earlier ones. Two statements."""
    rows = [
        (
            verdict_id, number, output.sample, output.step, output.part.replace("\0", ""),
            escape_nul(output.text), escape_nul(output.label),
            output.finish_reason.replace("\0", ""), output.tokens_in, output.tokens_out,
        )
        for verdict_id, written in outputs.items()
        for number, output in enumerate(written)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [list(outputs)])
        if rows:
            cursor.execute(INSERT, [run_id, *map(list, zip(*rows, strict=True))])


# Reasons kept on the shard's row. A reason is a sentence without the trace's own numbers, so there
# are few; whatever comes beyond is on the verdicts.
MOST_REASONS = 20

# In the order of the traces, so that two runs of one scorer never wait for each other in a ring.
# A trace that was deleted meanwhile drops out in the join. A current verdict is overwritten;
# a withdrawn one stays as it is, and the next revision is added to it.
UPSERT = """
INSERT INTO traces_verdict (
    trace_id, step_count, judge_id, revision, is_current, earliest_error, scores, confidence,
    error_type, severity, explanation, correction, failure, origin, origin_id, created_at
)
SELECT trace.id, trace.step_count, %(judge)s,
    coalesce((
        SELECT max(old.revision) FROM traces_verdict AS old
        WHERE old.trace_id = trace.id AND old.judge_id = %(judge)s
    ), 0) + 1, true, found.earliest_error, found.scores::float8[], found.confidence,
    found.error_type, '', found.explanation, '', found.failure, 'run', %(run)s,
    statement_timestamp()
FROM unnest(
    %(trace_ids)s::bigint[], %(earliest_errors)s::smallint[], %(scores)s::text[],
    %(confidences)s::float8[], %(error_types)s::text[], %(explanations)s::text[],
    %(failures)s::text[]
) AS found (trace_id, earliest_error, scores, confidence, error_type, explanation, failure)
JOIN traces_trace AS trace ON trace.id = found.trace_id
ORDER BY trace.id
ON CONFLICT (judge_id, trace_id) WHERE is_current DO UPDATE SET
    step_count = EXCLUDED.step_count, earliest_error = EXCLUDED.earliest_error,
    scores = EXCLUDED.scores, confidence = EXCLUDED.confidence,
    error_type = EXCLUDED.error_type, explanation = EXCLUDED.explanation,
    failure = EXCLUDED.failure, origin = EXCLUDED.origin, origin_id = EXCLUDED.origin_id,
    created_at = EXCLUDED.created_at
RETURNING trace_id, failure, id
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What judging a shard took: seconds on the clock, and those times the GPUs that it held."""

    seconds: float
    gpu_seconds: float = 0.0


def record_verdicts(
    claim: Claim, findings: Mapping[int, Finding], *, judge_id: int, cost: Cost
) -> None:
    """Store the verdicts, finish the shard and, after the last one, the run.

    `findings` is by trace id. Raises ClaimLost if the shard is no longer the claim's.
    """
    with transaction.atomic():
        lock_claim(claim)
        written = _upsert(findings, judge_id=judge_id, run_id=claim.run_id)
        record_outputs(
            {verdict_id: findings[trace_id].outputs for trace_id, _, verdict_id in written},
            run_id=claim.run_id,
        )
        _fill_answers(findings)
        failures = _failures(written)
        Shard.objects.filter(pk=claim.shard_id).update(
            status=Shard.Status.FINISHED,
            judged=len(written),
            unparsable=sum(1 for _, failure, _ in written if failure),
            failures=failures,
            seconds=cost.seconds,
            gpu_seconds=cost.gpu_seconds,
            tokens=sum(finding.tokens for finding in findings.values()),
        )
        close_run_if_over(claim.run_id)


def _upsert(
    findings: Mapping[int, Finding], *, judge_id: int, run_id: int
) -> Sequence[tuple[int, str, int]]:
    """(trace id, failure, verdict id) of what was written."""
    found = findings.values()
    columns: dict[str, Any] = {
        "judge": judge_id,
        "run": run_id,
        "trace_ids": list(findings),
        "earliest_errors": [finding.earliest_error for finding in found],
        "scores": [_array(finding.scores) for finding in found],
        "confidences": [finding.confidence for finding in found],
        "error_types": [finding.error_type.replace("\0", "") for finding in found],
        "explanations": [escape_nul(finding.explanation) for finding in found],
        "failures": [finding.failure.replace("\0", "") for finding in found],
    }
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, columns)
        return cursor.fetchall()


# An imported answer is kept; only an unknown one is filled in.
FILL_ANSWERS = """
UPDATE traces_trace AS trace SET final_answer_correct = found.correct
FROM unnest(%s::bigint[], %s::boolean[]) AS found (trace_id, correct)
WHERE trace.id = found.trace_id AND trace.final_answer_correct IS NULL
"""


def _fill_answers(findings: Mapping[int, Finding]) -> None:
    told = {
        trace_id: finding.final_answer_correct
        for trace_id, finding in findings.items()
        if finding.final_answer_correct is not None
    }
    if told:
        with connection.cursor() as cursor:
            cursor.execute(FILL_ANSWERS, [list(told), list(told.values())])


def _array(scores: Sequence[float] | None) -> str | None:
    """PostgreSQL's text for an array. repr gives the shortest digits that read back the same."""
    return None if scores is None else "{" + ",".join(map(repr, scores)) + "}"


def _failures(written: Sequence[tuple[int, str, int]]) -> dict[str, list[int]]:
    """Return the most common reasons: how many traces, and the first of them."""
    counts = Counter(failure for _, failure, _ in written if failure)
    return {
        reason: [count, min(trace_id for trace_id, failure, _ in written if failure == reason)]
        for reason, count in counts.most_common(MOST_REASONS)
    }
