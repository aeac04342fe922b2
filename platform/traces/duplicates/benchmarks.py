"""The problems that a benchmark contains too. Pages and exports flag them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from traces.models import Dataset

# Problems of a benchmark itself, copies of its text, and stored near-duplicates.
_SQL = """
SELECT own.id, dataset.name, 1.0
FROM traces_problem AS own
JOIN traces_problem AS same ON same.content_hash = own.content_hash
JOIN traces_dataset AS dataset ON dataset.id = same.dataset_id
WHERE own.id = ANY(%(problems)s) AND dataset.id = ANY(%(benchmarks)s)
UNION
SELECT near.own_id, dataset.name, near.similarity
FROM (
    SELECT first_id AS own_id, second_id AS other_id, similarity
    FROM traces_problemmatch WHERE first_id = ANY(%(problems)s)
    UNION ALL
    SELECT second_id, first_id, similarity
    FROM traces_problemmatch WHERE second_id = ANY(%(problems)s)
) AS near
JOIN traces_problem AS other ON other.id = near.other_id
JOIN traces_dataset AS dataset ON dataset.id = other.dataset_id
WHERE dataset.id = ANY(%(benchmarks)s)
"""


@dataclass(frozen=True, slots=True)
class BenchmarkMatch:
    """A benchmark, and the similarity of its closest problem, 0 to 1."""

    benchmark: str
    similarity: float


def benchmark_matches(problem_ids: Iterable[int], user: User) -> dict[int, list[BenchmarkMatch]]:
    """Return by problem the benchmarks with it or a near-duplicate, the closest first.

    Only benchmarks that `user` may see: a flag would reveal the problems of others. Two queries.
    """
    seen = Dataset.objects.visible_to(user).filter(is_benchmark=True)
    benchmarks = list(seen.values_list("pk", flat=True))
    if not benchmarks:
        return {}
    best: dict[int, dict[str, float]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"problems": sorted(set(problem_ids)), "benchmarks": benchmarks})
        for problem, benchmark, alike in cursor.fetchall():
            matches = best.setdefault(problem, {})
            matches[benchmark] = max(alike, matches.get(benchmark, 0.0))
    return {
        problem: [
            BenchmarkMatch(name, alike)
            for name, alike in sorted(matches.items(), key=lambda item: (-item[1], item[0]))
        ]
        for problem, matches in best.items()
    }
