"""The search for near-duplicates: each problem is compared once with all earlier ones.

A problem without a signature has not been compared yet, so the work can stop and continue anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from database.advisory_lock import advisory_lock
from traces.duplicates.shingles import ALIKE, bands, numbers, shingles, similarity
from traces.fields import unescape
from traces.models import Problem, ProblemMatch, ProblemSignature

CHUNK = 500
# A thousand instances of a template would be half a million pairs; this many for each are enough.
MOST_MATCHES = 50

# One search at a time: two would compare the same problems, or miss each other's.
_LOCK = "traces.match_problems"

# By hand: a lateral join with a limit for each problem, and a search of arrays in a GIN index. The
# limit is for similar texts; problems with exactly the same text are all compared.
_CANDIDATES = """
SELECT mine.problem_id, other.problem_id, problem.text
FROM traces_problemsignature AS mine
JOIN traces_problem AS own ON own.id = mine.problem_id
CROSS JOIN LATERAL (
    (SELECT problem_id FROM traces_problemsignature AS near
     WHERE near.bands && mine.bands
       AND (near.problem_id < mine.problem_id OR NOT near.problem_id = ANY(%(chunk)s))
     LIMIT %(most)s)
    UNION
    SELECT id FROM traces_problem AS same WHERE same.content_hash = own.content_hash
) AS other
JOIN traces_problem AS problem ON problem.id = other.problem_id
WHERE mine.problem_id = ANY(%(chunk)s) AND other.problem_id <> mine.problem_id
"""


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The numbers of compared problems and of stored pairs."""

    problems: int
    matches: int


def match_problems() -> MatchResult:
    """Compare the problems that have not been compared yet; each chunk is a transaction."""
    problems = matches = after = 0
    while True:
        with transaction.atomic():
            chunk = _waiting(after)
            if not chunk:
                return MatchResult(problems, matches)
            matches += _compare(chunk)
        problems += len(chunk)
        after = chunk[-1][0]


def _waiting(after: int) -> list[tuple[int, str]]:
    advisory_lock(_LOCK)
    waiting = Problem.objects.filter(pk__gt=after, signature=None).order_by("pk")
    return list(waiting.values_list("pk", "text")[:CHUNK])


def _compare(chunk: Sequence[tuple[int, str]]) -> int:
    texts = dict(chunk)
    parts = {number: shingles(text) for number, text in chunk}
    ProblemSignature.objects.bulk_create(
        ProblemSignature(problem_id=number, bands=bands(part)) for number, part in parts.items()
    )
    matches = []
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"chunk": list(texts), "most": MOST_MATCHES})
        for mine, other, text in cursor.fetchall():
            text = unescape(text)
            alike = similarity(parts[mine], parts.get(other) or shingles(text))
            if alike >= ALIKE:
                match = ProblemMatch(
                    first_id=min(mine, other),
                    second_id=max(mine, other),
                    similarity=alike,
                    same_numbers=numbers(texts[mine]) == numbers(text),
                )
                matches.append(match)
    # Two problems of one chunk meet each other twice.
    ProblemMatch.objects.bulk_create(matches, ignore_conflicts=True)
    return len(matches)
