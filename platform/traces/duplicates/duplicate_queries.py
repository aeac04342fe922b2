"""Queries for the near-duplicates of a dataset's problems, for its page."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from traces.models import Dataset, ProblemMatch

PAGE_SIZE = 50

_COUNTS = """
SELECT other.name, other.is_benchmark, count(DISTINCT near.own_id),
       count(DISTINCT near.own_id) FILTER (WHERE near.similarity = 1),
       count(DISTINCT near.own_id) FILTER (WHERE NOT near.same_numbers)
FROM (
    SELECT problem.id AS own_id, match.second_id AS other_id, similarity, same_numbers
    FROM traces_problem AS problem JOIN traces_problemmatch AS match ON match.first_id = problem.id
    WHERE problem.dataset_id = %(dataset)s
    UNION ALL
    SELECT problem.id, match.first_id, similarity, same_numbers
    FROM traces_problem AS problem JOIN traces_problemmatch AS match ON match.second_id = problem.id
    WHERE problem.dataset_id = %(dataset)s
) AS near
JOIN traces_problem AS problem ON problem.id = near.other_id
JOIN traces_dataset AS other ON other.id = problem.dataset_id
WHERE other.id = ANY(%(others)s)
GROUP BY other.id ORDER BY other.is_benchmark DESC, 3 DESC, other.name
"""


@dataclass(frozen=True, slots=True)
class MatchCount:
    """The numbers of problems with a match in `other`, with equal shingles, with other numbers."""

    other: str
    is_benchmark: bool
    problems: int
    same_text: int
    other_numbers: int


def match_counts(dataset: Dataset, others: Collection[int]) -> list[MatchCount]:
    """Return the counts for each of `others`, which may include itself; benchmarks first."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"dataset": dataset.pk, "others": list(others)})
        return [MatchCount(*row) for row in cursor.fetchall()]


def matches_of(
    dataset: Dataset, others: Collection[int], *, with_dataset: str = "", after: int = 0
) -> list[ProblemMatch]:
    """Return a page of pairs between `dataset` and `others`, or only `with_dataset`.

    `after` is the last id of the page before. One pair more than a page tells that more follow.
    """
    matches: QuerySet[ProblemMatch] = ProblemMatch.objects.filter(
        Q(first__dataset=dataset, second__dataset__in=others)
        | Q(second__dataset=dataset, first__dataset__in=others),
        pk__gt=after,
    )
    if with_dataset:
        here, there = Q(first__dataset=dataset), Q(second__dataset__name=with_dataset)
        back = Q(second__dataset=dataset) & Q(first__dataset__name=with_dataset)
        matches = matches.filter((here & there) | back)
    return list(
        matches.select_related("first__dataset", "second__dataset").order_by("pk")[: PAGE_SIZE + 1]
    )
