"""Every problem is compared once with all that came before it.

A problem without a signature is one still to be compared, so the work can stop anywhere and go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from traces.duplicates.shingles import ALIKE, bands, numbers, shingles, similarity
from traces.fields import unescape

CHUNK = 500
# A template's thousand instances would be half a million pairs; so many of each are telling enough.
MOST_MATCHES = 50

# One at a time: two would compare the same problems, or miss each other's.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('traces.match_problems'))"

_WAITING = """
SELECT id, text FROM traces_problem AS problem
WHERE id > %s AND NOT EXISTS (
    SELECT FROM traces_problemsignature AS signature WHERE signature.problem_id = problem.id)
ORDER BY id LIMIT %s
"""

# The very same text is met however many there are that are like it.
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

_STORE = """
INSERT INTO traces_problemmatch (first_id, second_id, similarity, same_numbers)
VALUES (%s, %s, %s, %s)
ON CONFLICT (first_id, second_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many problems were compared with all before them, and the pairs found alike."""

    problems: int
    matches: int


def match_problems() -> Compared:
    """Compare the problems that have not been compared yet; each chunk is a transaction."""
    problems = matches = after = 0
    while True:
        with transaction.atomic():
            chunk = _waiting(after)
            if not chunk:
                return Compared(problems, matches)
            matches += _compare(chunk)
        problems += len(chunk)
        after = chunk[-1][0]


def _waiting(after: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_WAITING, [after, CHUNK])
        return [(number, unescape(text)) for number, text in cursor.fetchall()]


def _compare(chunk: Sequence[tuple[int, str]]) -> int:
    texts = dict(chunk)
    parts = {number: shingles(text) for number, text in chunk}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO traces_problemsignature (problem_id, bands) VALUES (%s, %s)",
            [(number, bands(found)) for number, found in parts.items()],
        )
        cursor.execute(_CANDIDATES, {"chunk": list(texts), "most": MOST_MATCHES})
        pairs = []
        for mine, other, text in cursor.fetchall():
            text = unescape(text)
            alike = similarity(parts[mine], parts.get(other) or shingles(text))
            if alike >= ALIKE:
                same = numbers(texts[mine]) == numbers(text)
                pairs.append((min(mine, other), max(mine, other), alike, same))
        cursor.executemany(_STORE, pairs)
    return len(pairs)
