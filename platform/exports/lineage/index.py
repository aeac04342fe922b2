"""Lineage both ways: from an exported row to its verdicts, and back to the exports.

Next to the rows of each split is `lineage/SPLIT.parquet`: each row's problem, traces and verdicts,
in row groups of one size, so that a row is found without reading the others. For the other way
there are sorted pieces of ids in the database (`HeldIds`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from exports.models import Export, HeldIds
from exports.storage.export_store import open_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PIECE = 4_096

_HOLD = """
INSERT INTO exports_heldids (export_id, kind, first, last, ids)
VALUES (%s, %s, %s, %s, %s::text::bigint[])
"""
_CHOSEN_BY_JUDGE = "SELECT judge_id, count(*) FROM chosen GROUP BY judge_id ORDER BY judge_id"
_HELD_BY_JUDGE = """
SELECT judge_id, count(*) FROM chosen
JOIN (SELECT unnest(ids) AS id FROM exports_heldids WHERE export_id = %s AND kind = 'verdict')
    AS held ON held.id = chosen.verdict_id
GROUP BY judge_id ORDER BY judge_id
"""
_EXPORTS_WITH = """
WITH piece AS MATERIALIZED (
    SELECT held.id, held.export_id, array_agg(wanted.id) AS wanted
    FROM unnest(%(ids)s::bigint[]) AS wanted(id)
    JOIN exports_heldids AS held
        ON held.kind = %(kind)s AND wanted.id BETWEEN held.first AND held.last
    JOIN exports_export AS export ON export.id = held.export_id AND export.status = 'finished'
    GROUP BY held.id, held.export_id
), found AS (
    SELECT piece.export_id,
           (SELECT count(*) FROM unnest(held.ids) AS own(id) WHERE own.id = ANY(piece.wanted)) AS n
    FROM piece JOIN exports_heldids AS held ON held.id = piece.id
)
SELECT export_id, sum(n)::bigint FROM found GROUP BY export_id HAVING sum(n) > 0 ORDER BY export_id
"""


@dataclass(frozen=True, slots=True)
class RowLineage:
    """The ids behind one exported row."""

    split: str
    row: int
    problem_id: int
    trace_ids: list[int]
    verdict_ids: list[int]


def record_contents(export: Export, kind: str, numbers: "NDArray[np.int64]") -> None:
    """Record which verdicts or traces the export holds, replacing an earlier record.

    `numbers` are their ids, sorted and unique.
    """
    with transaction.atomic():
        HeldIds.objects.filter(export=export, kind=kind).delete()
        with connection.cursor() as cursor:
            cursor.executemany(_HOLD, list(_pieces(export, kind, numbers)))


def _pieces(
    export: Export, kind: str, numbers: "NDArray[np.int64]"
) -> Iterator[tuple[int, str, int, int, str]]:
    """Return rows for HeldIds, the ids as PostgreSQL writes an array: ten times as fast."""
    for start in range(0, len(numbers), PIECE):
        ids = numbers[start : start + PIECE].tolist()
        yield export.pk, kind, ids[0], ids[-1], f"{{{','.join(map(str, ids))}}}"


def count_by_judge(export: Export, *, holds_all: bool) -> dict[int, int]:
    """Count the export's verdicts by judge, while `chosen` exists.

    With `holds_all` the export holds every verdict of `chosen`, and none has to be looked up.
    """
    with connection.cursor() as cursor:
        if holds_all:
            cursor.execute(_CHOSEN_BY_JUDGE)
            return dict(cursor.fetchall())
        # The rows are read by a plan without joins by hash; here nothing else is quick.
        cursor.execute("SET LOCAL enable_hashjoin = on")
        cursor.execute(_HELD_BY_JUDGE, [export.pk])
        return dict(cursor.fetchall())


def exports_with(kind: str, ids: Iterable[int]) -> dict[int, int]:
    """Count these verdicts or traces in each finished export that holds any.

    Each piece that could hold one is opened once, however many it holds.
    """
    wanted = sorted(ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_EXPORTS_WITH, {"ids": wanted, "kind": kind})
        return dict(cursor.fetchall())


def row_lineage(export: Export, split: str, row: int) -> RowLineage | None:
    """Return the lineage of a row by its place in its split, from 0; None if there is none."""
    import pyarrow.parquet as pq

    name = f"lineage/{split}.parquet"
    if row < 0 or name not in (export.manifest or {}).get("other_files", {}):
        return None
    with open_file(export, name) as stream, pq.ParquetFile(stream) as file:
        start = 0
        for group in range(file.metadata.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if row < start + rows:
                found = file.read_row_group(group).slice(row - start, 1).to_pylist()[0]
                return RowLineage(
                    split, row, found["problem_id"], found["trace_ids"], found["verdict_ids"]
                )
            start += rows
    return None
