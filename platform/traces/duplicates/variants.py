"""Variants of problems: stated by an import, or linked by a lead.

A row states one by `variant_of`, the id of another row of its dataset with the original problem,
and by `variant_kind`. A variant of a variant is linked to the first original, so that a family is
one level deep.
"""

from collections.abc import Iterable
from itertools import chain

from django.db import connection, transaction

from traces.models import Problem, ProblemMatch, ProblemVariant

_LINK = """
INSERT INTO traces_problemvariant (problem_id, original_id, kind)
SELECT DISTINCT ON (trace.problem_id) trace.problem_id, original.problem_id,
       CASE WHEN trace.metadata->>'variant_kind' = ANY(%(kinds)s)
            THEN trace.metadata->>'variant_kind' ELSE 'other' END
FROM traces_trace AS trace
JOIN traces_trace AS original
    ON original.dataset_id = trace.dataset_id
    AND original.external_id = trace.metadata->>'variant_of'
WHERE trace.metadata ? 'variant_of' AND original.problem_id <> trace.problem_id
  AND NOT EXISTS (SELECT FROM traces_problemvariant AS known
                  WHERE known.problem_id IN (trace.problem_id, original.problem_id)
                    AND known.original_id IN (trace.problem_id, original.problem_id))
ORDER BY trace.problem_id, trace.id
ON CONFLICT (problem_id) DO NOTHING
"""

# Each link moves one level up. If two name each other as the original, the smaller id is.
_CUT_CIRCLES = """
DELETE FROM traces_problemvariant AS link USING traces_problemvariant AS back
WHERE back.problem_id = link.original_id AND back.original_id = link.problem_id
  AND link.problem_id < back.problem_id
"""
_FLATTEN = """
UPDATE traces_problemvariant AS link SET original_id = above.original_id
FROM traces_problemvariant AS above
WHERE above.problem_id = link.original_id AND above.original_id <> link.problem_id
"""
# No sensible chain of variants is longer.
DEEPEST = 20


def link_stated_variants() -> int:
    """Link the variants that imported rows state, and return the number of new links."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LINK, {"kinds": ProblemVariant.Kind.values})
        linked = cursor.rowcount
        if linked:
            _flatten()
    return linked


def link_variant(problem: Problem, original: Problem, kind: str) -> ProblemVariant:
    """Link `problem` as a variant of `original`. Raises ValueError with a message."""
    if problem == original:
        raise ValueError("A problem is no variant of itself; choose another original.")
    if ProblemVariant.objects.filter(problem=original, original=problem).exists():
        raise ValueError("The original is linked as a variant of this problem already.")
    with transaction.atomic():
        link, _ = ProblemVariant.objects.update_or_create(
            problem=problem, defaults={"original": original, "kind": kind}
        )
        _flatten()
    link.refresh_from_db()
    return link


def variants_among(matches: Iterable[ProblemMatch]) -> set[int]:
    """Return the ids of the matches with both problems in one family. One query."""
    pairs = {match.pk: (match.first_id, match.second_id) for match in matches}
    links = ProblemVariant.objects.filter(problem__in=set(chain(*pairs.values())))
    original = dict(links.values_list("problem_id", "original_id"))
    return {
        number
        for number, (first, second) in pairs.items()
        if original.get(first, first) == original.get(second, second)
    }


def _flatten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CUT_CIRCLES)
        for _ in range(DEEPEST):
            cursor.execute(_FLATTEN)
            if not cursor.rowcount:
                return
