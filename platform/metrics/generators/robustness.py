"""Robustness to variants of a problem, and benchmark contamination of datasets."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from metrics.stats.memorization import Memorization, VariantPair, memorization
from traces.models import Generator, ProblemVariant


@dataclass(frozen=True, slots=True)
class Robustness:
    """One generator over the pairs it attempted; `kind` None means all kinds of change."""

    generator: Generator
    kind: str | None
    figures: Memorization


@dataclass(frozen=True, slots=True)
class Contamination:
    """Problems of a dataset that are also in a benchmark, word for word or nearly."""

    dataset: str
    benchmark: str
    same: int
    near: int


def robustness(datasets: Sequence[int]) -> list[Robustness]:
    """Return the generators by score, highest first, with their kinds of change below."""
    pairs = variant_pairs(datasets)
    found = []
    for generator in Generator.objects.filter(pk__in={number for number, _ in pairs}):
        kinds = [kind for number, kind in pairs if number == generator.pk]
        own = [pair for kind in kinds for pair in pairs[generator.pk, kind]]
        rows = [Robustness(generator, None, memorization(own))]
        if len(kinds) > 1:
            rows += [
                Robustness(generator, kind, memorization(pairs[generator.pk, kind]))
                for kind in sorted(kinds)
            ]
        found.append(rows)
    found.sort(key=lambda rows: (-(rows[0].figures.score.value or 0), str(rows[0].generator)))
    return [row for rows in found for row in rows]


def variant_pairs(datasets: Sequence[int]) -> dict[tuple[int, str], list[VariantPair]]:
    """Return pairs by generator and kind of change, over traces with a judged final answer."""
    found: defaultdict[tuple[int, str], list[VariantPair]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"datasets": list(datasets)})
        for generator, kind, original, a, b in cursor.fetchall():
            found[generator, kind].append(VariantPair(str(original), str(original), a, b))
    return dict(found)


def kind_name(kind: str | None) -> str:
    return "all changes" if kind is None else ProblemVariant.Kind(kind).label


def contamination(datasets: Sequence[int]) -> list[Contamination]:
    """Return the contamination of the datasets by the benchmarks among them."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES, {"datasets": list(datasets)})
        return [Contamination(*row) for row in cursor.fetchall()]


_PAIRS = """
    WITH related AS (
        SELECT link.problem_id AS variant_id, link.original_id, link.kind
        FROM traces_problemvariant link
        JOIN traces_problem variant ON variant.id = link.problem_id
        JOIN traces_problem original ON original.id = link.original_id
        WHERE variant.dataset_id = ANY(%(datasets)s) AND original.dataset_id = ANY(%(datasets)s)
    ),
    solved AS (
        SELECT problem_id, generator_id, avg(final_answer_correct::int)::float8 AS share
        FROM traces_trace
        WHERE is_current_segmentation AND final_answer_correct IS NOT NULL
          AND problem_id IN (SELECT variant_id FROM related UNION SELECT original_id FROM related)
        GROUP BY problem_id, generator_id
    )
    SELECT first.generator_id, kind, original_id, first.share, second.share
    FROM related
    JOIN solved first ON first.problem_id = original_id
    JOIN solved second ON second.problem_id = variant_id
        AND second.generator_id = first.generator_id
    ORDER BY 1, 2, 3, variant_id
"""

_MATCHES = """
    SELECT own, benchmark, count(*) FILTER (WHERE closest = 1), count(*) FILTER (WHERE closest < 1)
    FROM (
        SELECT own.name AS own, benchmark.name AS benchmark, max(similarity) AS closest
        FROM (SELECT first_id AS a, second_id AS b, similarity FROM traces_problemmatch
              UNION ALL SELECT second_id, first_id, similarity FROM traces_problemmatch) AS match
        JOIN traces_problem problem ON problem.id = a
        JOIN traces_problem other ON other.id = b
        JOIN traces_dataset own ON own.id = problem.dataset_id
        JOIN traces_dataset benchmark ON benchmark.id = other.dataset_id AND benchmark.is_benchmark
        WHERE own.id <> benchmark.id
          AND own.id = ANY(%(datasets)s) AND benchmark.id = ANY(%(datasets)s)
        GROUP BY problem.id, own.id, benchmark.id
    ) AS copy
    GROUP BY 1, 2 ORDER BY 3 DESC, 4 DESC, 1, 2
"""
