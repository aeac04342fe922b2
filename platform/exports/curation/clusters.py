"""Clusters of a dataset's problems: equal texts, near-duplicates and variants."""

from uuid import UUID

from django.db.backends.utils import CursorWrapper

from traces.models import Dataset

_MAKE = """
CREATE TEMP TABLE cluster ON COMMIT DROP AS
SELECT id AS problem_id, content_hash AS key FROM traces_problem WHERE dataset_id = %s
"""
# A problem of another dataset may stand between two of this one: their original, or a copy.
_LINKS = """
SELECT a.content_hash, a.dataset_id = %(dataset)s, b.content_hash, b.dataset_id = %(dataset)s
FROM (SELECT first_id AS one, second_id AS other FROM traces_problemmatch
      UNION ALL SELECT problem_id, original_id FROM traces_problemvariant) AS link
JOIN traces_problem a ON a.id = link.one
JOIN traces_problem b ON b.id = link.other
WHERE a.dataset_id = %(dataset)s OR b.dataset_id = %(dataset)s
"""


def make_clusters(cursor: CursorWrapper, dataset: Dataset) -> None:
    """Create the temporary table `cluster` of (problem_id, key), if it is missing.

    The key is the smallest content hash of the cluster's problems in the dataset: the same wherever
    the same problems are, whatever their ids.
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


def _merged(links: list[tuple[UUID, bool, UUID, bool]]) -> dict[UUID, UUID]:
    """Map each linked hash to the smallest of the dataset's own that it leads to.

    A link has two hashes, and for each whether it belongs to a problem of the dataset.
    """
    above: dict[UUID, UUID] = {}

    def root(key: UUID) -> UUID:
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    own: set[UUID] = set()
    for one, one_is_own, other, other_is_own in links:
        above[root(one)] = root(other)
        own.update(key for key, is_own in ((one, one_is_own), (other, other_is_own)) if is_own)
    smallest: dict[UUID, UUID] = {}
    for key in own:
        smallest[root(key)] = min(key, smallest.get(root(key), key))
    return {key: smallest[root(key)] for key in list(above)}
