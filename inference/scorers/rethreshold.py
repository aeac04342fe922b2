"""The same recipe at another threshold: its verdicts follow from scores that are there already.

A PRM's scores don't hang on its threshold, so a scorer that differs in nothing else takes them from
the one that computed them, and no model runs. Its verdicts name the run that computed their scores.
"""

from collections.abc import Callable

from django.db import connection
from django.db.models import QuerySet

from inference.errors import ScoringRefused
from inference.models import Scorer
from inference.scorers.registry import get_or_create_scorer
from traces.models import Verdict

# Traces in a transaction: what is done stays done, whatever ends the process.
BATCH = 20_000

# By the trace, so that two at once never wait for each other in a ring. An answer that is there
# stays unless the scores have changed, and no failure takes the place of one.
DERIVE = """
WITH source AS (
    SELECT trace_id, step_count, scores, failure, origin, origin_id,
        CASE WHEN scores IS NOT NULL THEN coalesce((
            SELECT min(place) - 1 FROM unnest(scores) WITH ORDINALITY AS step (score, place)
            WHERE score < %(threshold)s
        ), -1) END AS earliest_error
    FROM traces_verdict
    WHERE judge_id = %(source)s AND is_current AND trace_id > %(after)s
    ORDER BY trace_id LIMIT %(batch)s
), written AS (
    INSERT INTO traces_verdict AS verdict (
        trace_id, step_count, judge_id, revision, is_current, earliest_error, scores,
        error_type, severity, explanation, correction, failure, origin, origin_id, created_at
    )
    SELECT trace_id, step_count, %(judge)s,
        coalesce((
            SELECT max(old.revision) FROM traces_verdict AS old
            WHERE old.trace_id = source.trace_id AND old.judge_id = %(judge)s
        ), 0) + 1, true, earliest_error, scores, '', '', '', '',
        CASE WHEN scores IS NULL THEN coalesce(nullif(failure, ''), %(no_scores)s) ELSE '' END,
        origin, origin_id, statement_timestamp()
    FROM source
    ORDER BY trace_id
    ON CONFLICT (judge_id, trace_id) WHERE is_current DO UPDATE SET
        step_count = EXCLUDED.step_count, earliest_error = EXCLUDED.earliest_error,
        scores = EXCLUDED.scores, failure = EXCLUDED.failure, origin = EXCLUDED.origin,
        origin_id = EXCLUDED.origin_id, created_at = EXCLUDED.created_at
    WHERE EXCLUDED.scores IS NOT NULL AND verdict.scores IS DISTINCT FROM EXCLUDED.scores
    RETURNING 1
)
SELECT max(trace_id), (SELECT count(*) FROM written) FROM source
"""
NO_SCORES = "The verdict at the other threshold has no scores."


def scorer_at_threshold(source: Scorer, threshold: float, *, name: str) -> Scorer:
    """Return the scorer of the recipe at that threshold, created without verdicts if new.

    Raises ScoringRefused, also for judges whose verdict needs more than a score a step.
    """
    if not can_rethreshold(source):
        raise ScoringRefused(
            f"{source.name} is a {source.get_kind_display()}. Only verdicts of process "
            "reward models can be derived from scores and a threshold."
        )
    if threshold == source.threshold:
        raise ScoringRefused(f"{source.name} already has the threshold {threshold}.")
    return get_or_create_scorer(
        name,
        backend=source.backend,
        model=source.model,
        revision=source.revision,
        threshold=threshold,
        parameters=source.parameters,
    )


def can_rethreshold(scorer: Scorer) -> bool:
    return scorer.kind == Scorer.Kind.PRM and scorer.threshold is not None


def scorers_at_other_thresholds(scorer: Scorer) -> QuerySet[Scorer]:
    """Return the scorers that differ from this one in their threshold only, the lowest first."""
    if not can_rethreshold(scorer):
        return Scorer.objects.none()
    same = Scorer.objects.filter(
        backend=scorer.backend,
        model=scorer.model,
        revision=scorer.revision,
        parameters=scorer.parameters,
    )
    return same.exclude(pk=scorer.pk).order_by("threshold", "pk")


def derive_verdicts(
    scorer: Scorer, source: Scorer, *, on_batch: Callable[[int], None] = lambda written: None
) -> int:
    """Derive the scorer's verdicts from the source's scores. Return how many are new or changed.

    Calling it again adds the traces scored since. Raises ScoringRefused if the two differ in more
    than their threshold.
    """
    if not scorers_at_other_thresholds(source).filter(pk=scorer.pk).exists():
        raise ScoringRefused(f"{scorer.name} and {source.name} differ in more than the threshold.")
    after, written = 0, 0
    while True:
        asked = {
            "judge": scorer.judge_id,
            "source": source.judge_id,
            "threshold": scorer.threshold,
            "after": after,
            "batch": BATCH,
            "no_scores": NO_SCORES,
        }
        with connection.cursor() as cursor:
            cursor.execute(DERIVE, asked)
            last, count = cursor.fetchone()
        if last is None:
            return written
        after, written = last, written + count
        on_batch(written)


def verdict_count(scorer: Scorer) -> int:
    """Return how many traces the scorer has judged."""
    return Verdict.objects.current().filter(judge=scorer.judge_id).count()
