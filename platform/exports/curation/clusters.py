"""Clusters of a dataset's problems: the same text, nearly the same, and variants of one another."""

from uuid import UUID

from django.db.backends.utils import CursorWrapper

from traces.models import Dataset

_MAKE = """
CREATE TEMP TABLE cluster ON COMMIT DROP AS
SELECT id AS problem_id, content_hash AS key FROM traces_problem WHERE dataset_id = %s
"""
_LINKS = """
SELECT a.content_hash, b.content_hash
FROM (SELECT first_id AS one, second_id AS other FROM traces_problemmatch
      UNION ALL SELECT problem_id, original_id FROM traces_problemvariant) AS link
JOIN traces_problem a ON a.id = link.one AND a.dataset_id = %(dataset)s
JOIN traces_problem b ON b.id = link.other AND b.dataset_id = %(dataset)s
"""


def make_clusters(cursor: CursorWrapper, dataset: Dataset) -> None:
    """The temporary table `cluster` of (problem_id, key), where it isn't there yet.

    The key is the smallest content hash of the cluster's problems: the same wherever the same
    problems are, whatever their numbers.
    """
    cursor.execute("SELECT to_regclass('pg_temp.cluster')")
    (there,) = cursor.fetchone()
    if there:
        return
    cursor.execute(_MAKE, [dataset.pk])
    cursor.execute(_LINKS, {"dataset": dataset.pk})
    merged = _merged(cursor.fetchall())
    if merged:
        cursor.execute(
            "UPDATE cluster SET key = merged.key FROM unnest(%s::uuid[], %s::uuid[]) "
            "AS merged(hash, key) WHERE cluster.key = merged.hash",
            [list(merged), list(merged.values())],
        )
    cursor.execute("ANALYZE cluster")


def _merged(links: list[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """The smallest hash that each linked hash leads to, over any number of links."""
    above: dict[UUID, UUID] = {}

    def root(key: UUID) -> UUID:
        while above.get(key, key) != key:
            above[key] = above.get(above[key], above[key])
            key = above[key]
        return key

    for one, other in links:
        first, second = sorted((root(one), root(other)))
        above[second] = first
        above.setdefault(first, first)
    return {key: root(key) for key in above}
