"""Lineage both ways: from an exported row to its verdicts, from a verdict to the exports with it.

Beside the rows of each split lies `lineage/SPLIT.parquet`: row by row its problem, traces and
verdicts, in row groups of one size, so that a row is found without reading the others. The other
way there are sorted pieces of ids in the database (`HeldIds`).
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from exports.models import Export, HeldIds
from exports.stores import open_file

PIECE = 4_096


@dataclass(frozen=True, slots=True)
class RowLineage:
    """What one exported row rests on, by numbers."""

    split: str
    row: int
    problem_id: int
    trace_ids: list[int]
    verdict_ids: list[int]


def hold(export: Export, kind: str, ids: "array[int]") -> None:
    """Remember which verdicts or traces the export holds; in place of what was remembered."""
    numbers = np.unique(np.frombuffer(ids, dtype=np.int64)) if ids else np.empty(0, np.int64)
    with transaction.atomic():
        HeldIds.objects.filter(export=export, kind=kind).delete()
        pieces = [numbers[start : start + PIECE] for start in range(0, len(numbers), PIECE)]
        HeldIds.objects.bulk_create(
            [
                HeldIds(export=export, kind=kind, first=p[0], last=p[-1], ids=p)
                for p in (piece.tolist() for piece in pieces)
            ],
            batch_size=64,
        )


def exports_with(kind: str, ids: Iterable[int]) -> dict[int, int]:
    """How many of these verdicts or traces each finished export holds, for those that hold any.

    One look at an index for each export and id.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT export.id, count(*) FROM exports_export AS export
            CROSS JOIN unnest(%(ids)s::bigint[]) AS wanted(id)
            JOIN LATERAL (
                SELECT held.ids, held.last FROM exports_heldids AS held
                WHERE held.export_id = export.id AND held.kind = %(kind)s
                    AND held.first <= wanted.id
                ORDER BY held.first DESC LIMIT 1
            ) AS piece ON piece.last >= wanted.id AND wanted.id = ANY(piece.ids)
            WHERE export.status = 'finished'
            GROUP BY export.id ORDER BY export.id
            """,
            {"ids": list(ids), "kind": kind},
        )
        return dict(cursor.fetchall())


def row_lineage(export: Export, split: str, row: int) -> RowLineage | None:
    """The lineage of a row by its place in its split, from 0; None where there is no such row."""
    import pyarrow.parquet as pq

    name = f"lineage/{split}.parquet"
    if row < 0 or name not in (export.manifest or {}).get("other_files", {}):
        return None
    with open_file(export, name) as stream, pq.ParquetFile(stream) as file:
        # Row groups are as large as the batches that were written, so most often of BATCH rows.
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
