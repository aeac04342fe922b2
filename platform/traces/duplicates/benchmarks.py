"""Which problems are also a benchmark's: to be flagged wherever they appear."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

# Problems of a benchmark itself, copies of its text, and near ones as they were found.
_SQL = """
SELECT own.id, dataset.name, 1.0
FROM traces_problem AS own
JOIN traces_problem AS same ON same.content_hash = own.content_hash
JOIN traces_dataset AS dataset ON dataset.id = same.dataset_id AND dataset.is_benchmark
WHERE own.id = ANY(%(problems)s)
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
JOIN traces_dataset AS dataset ON dataset.id = other.dataset_id AND dataset.is_benchmark
"""


@dataclass(frozen=True, slots=True)
class BenchmarkMatch:
    """The benchmark, and how alike its closest problem is, 0 to 1."""

    benchmark: str
    similarity: float


def benchmark_matches(problem_ids: Iterable[int]) -> dict[int, list[BenchmarkMatch]]:
    """By problem the benchmarks that hold it or one like it, the closest first; in one query."""
    best: dict[int, dict[str, float]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"problems": sorted(set(problem_ids))})
        for problem, benchmark, alike in cursor.fetchall():
            known = best.setdefault(problem, {})
            known[benchmark] = max(alike, known.get(benchmark, 0.0))
    return {
        problem: [
            BenchmarkMatch(name, alike)
            for name, alike in sorted(known.items(), key=lambda item: (-item[1], item[0]))
        ]
        for problem, known in best.items()
    }
